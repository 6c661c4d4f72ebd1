//! The types of `wasi:filesystem/types`, and the conversions from the host's types.

use crate::base::errno::Errno;
use crate::base::types::{Filestat, Filetype};
use crate::preview2::clocks::Datetime;
use rustix::fs::{Advice as HostAdvice, Timespec, UTIME_NOW, UTIME_OMIT};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;
use weft_parallel::{ComponentType, Lift, Lower};

/// The enum `descriptor-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(enum)]
#[repr(u8)]
pub(crate) enum DescriptorType {
    Unknown,
    BlockDevice,
    CharacterDevice,
    Directory,
    Fifo,
    SymbolicLink,
    RegularFile,
    Socket,
}

/// Pipes and sockets are unknown, as in Wasmtime.
impl From<Filetype> for DescriptorType {
    fn from(filetype: Filetype) -> Self {
        match filetype {
            Filetype::BlockDevice => DescriptorType::BlockDevice,
            Filetype::CharacterDevice => DescriptorType::CharacterDevice,
            Filetype::Directory => DescriptorType::Directory,
            Filetype::RegularFile => DescriptorType::RegularFile,
            Filetype::SymbolicLink => DescriptorType::SymbolicLink,
            Filetype::Unknown | Filetype::SocketStream => DescriptorType::Unknown,
        }
    }
}

weft_parallel::flags! {
    /// The flags `descriptor-flags`.
    pub(crate) DescriptorFlags {
        #[component(name = "read")]
        const READ;
        #[component(name = "write")]
        const WRITE;
        #[component(name = "file-integrity-sync")]
        const FILE_INTEGRITY_SYNC;
        #[component(name = "data-integrity-sync")]
        const DATA_INTEGRITY_SYNC;
        #[component(name = "requested-write-sync")]
        const REQUESTED_WRITE_SYNC;
        #[component(name = "mutate-directory")]
        const MUTATE_DIRECTORY;
    }
}

weft_parallel::flags! {
    /// The flags `path-flags`.
    pub(crate) PathFlags {
        #[component(name = "symlink-follow")]
        const SYMLINK_FOLLOW;
    }
}

weft_parallel::flags! {
    /// The flags `open-flags`.
    pub(crate) OpenFlags {
        #[component(name = "create")]
        const CREATE;
        #[component(name = "directory")]
        const DIRECTORY;
        #[component(name = "exclusive")]
        const EXCLUSIVE;
        #[component(name = "truncate")]
        const TRUNCATE;
    }
}

/// The record `descriptor-stat`.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
pub(crate) struct DescriptorStat {
    #[component(name = "type")]
    pub(crate) filetype: DescriptorType,
    pub(crate) link_count: u64,
    pub(crate) size: u64,
    #[component(name = "data-access-timestamp")]
    pub(crate) accessed: Option<Datetime>,
    #[component(name = "data-modification-timestamp")]
    pub(crate) modified: Option<Datetime>,
    #[component(name = "status-change-timestamp")]
    pub(crate) changed: Option<Datetime>,
}

impl From<Filestat> for DescriptorStat {
    fn from(stat: Filestat) -> Self {
        let time = |nanoseconds| Some(Duration::from_nanos(nanoseconds).into());
        DescriptorStat {
            filetype: stat.filetype.into(),
            link_count: stat.links,
            size: stat.size,
            accessed: time(stat.accessed),
            modified: time(stat.modified),
            changed: time(stat.changed),
        }
    }
}

/// The variant `new-timestamp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift)]
#[component(variant)]
pub(crate) enum NewTimestamp {
    NoChange,
    Now,
    Timestamp(Datetime),
}

impl NewTimestamp {
    /// Converts the time to the host's type.
    pub(crate) fn for_host(self) -> Result<Timespec, Errno> {
        let special = |tv_nsec| Timespec { tv_sec: 0, tv_nsec };
        match self {
            NewTimestamp::NoChange => Ok(special(UTIME_OMIT)),
            NewTimestamp::Now => Ok(special(UTIME_NOW)),
            NewTimestamp::Timestamp(Datetime { seconds, nanoseconds }) => {
                let whole = Duration::from_nanos(nanoseconds.into());
                let seconds = seconds.checked_add(whole.as_secs());
                let seconds = seconds.and_then(|seconds| i64::try_from(seconds).ok());
                Ok(Timespec {
                    tv_sec: seconds.ok_or(Errno::Overflow)?,
                    tv_nsec: whole.subsec_nanos().into(),
                })
            }
        }
    }
}

/// The record `directory-entry`.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
pub(crate) struct DirectoryEntry {
    #[component(name = "type")]
    pub(crate) filetype: DescriptorType,
    pub(crate) name: String,
}

/// The record `metadata-hash-value`.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
pub(crate) struct MetadataHash {
    pub(crate) lower: u64,
    pub(crate) upper: u64,
}

impl MetadataHash {
    /// Two calls for one file return the same value, as long as the file exists.
    pub(crate) fn of(stat: &Filestat) -> Self {
        let hash = |order: (u64, u64)| {
            let mut hasher = DefaultHasher::new();
            order.hash(&mut hasher);
            hasher.finish()
        };
        MetadataHash {
            lower: hash((stat.device, stat.inode)),
            upper: hash((stat.inode, stat.device)),
        }
    }
}

/// The enum `advice`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(enum)]
#[repr(u8)]
pub(crate) enum Advice {
    Normal,
    Sequential,
    Random,
    WillNeed,
    DontNeed,
    NoReuse,
}

impl From<Advice> for HostAdvice {
    fn from(advice: Advice) -> Self {
        match advice {
            Advice::Normal => HostAdvice::Normal,
            Advice::Sequential => HostAdvice::Sequential,
            Advice::Random => HostAdvice::Random,
            Advice::WillNeed => HostAdvice::WillNeed,
            Advice::DontNeed => HostAdvice::DontNeed,
            Advice::NoReuse => HostAdvice::NoReuse,
        }
    }
}

/// The enum `error-code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(enum)]
#[repr(u8)]
pub(crate) enum ErrorCode {
    Access,
    WouldBlock,
    Already,
    BadDescriptor,
    Busy,
    Deadlock,
    Quota,
    Exist,
    FileTooLarge,
    IllegalByteSequence,
    InProgress,
    Interrupted,
    Invalid,
    Io,
    IsDirectory,
    Loop,
    TooManyLinks,
    MessageSize,
    NameTooLong,
    NoDevice,
    NoEntry,
    NoLock,
    InsufficientMemory,
    InsufficientSpace,
    NotDirectory,
    NotEmpty,
    NotRecoverable,
    Unsupported,
    NoTty,
    NoSuchDevice,
    Overflow,
    NotPermitted,
    Pipe,
    ReadOnly,
    InvalidSeek,
    TextFileBusy,
    CrossDevice,
}

/// Errors for which Wasmtime has no code are `io`, as in Wasmtime.
impl From<Errno> for ErrorCode {
    fn from(error: Errno) -> Self {
        match error {
            Errno::Acces => ErrorCode::Access,
            Errno::Already => ErrorCode::Already,
            Errno::BadF => ErrorCode::BadDescriptor,
            Errno::Busy => ErrorCode::Busy,
            Errno::Exist => ErrorCode::Exist,
            Errno::Fbig => ErrorCode::FileTooLarge,
            Errno::IlSeq => ErrorCode::IllegalByteSequence,
            Errno::InProgress => ErrorCode::InProgress,
            Errno::Intr => ErrorCode::Interrupted,
            Errno::Inval => ErrorCode::Invalid,
            Errno::IsDir => ErrorCode::IsDirectory,
            Errno::Loop => ErrorCode::Loop,
            Errno::Mlink => ErrorCode::TooManyLinks,
            Errno::NameTooLong => ErrorCode::NameTooLong,
            Errno::NoEnt => ErrorCode::NoEntry,
            Errno::NoMem => ErrorCode::InsufficientMemory,
            Errno::NoSpc => ErrorCode::InsufficientSpace,
            Errno::NotDir => ErrorCode::NotDirectory,
            Errno::NotEmpty => ErrorCode::NotEmpty,
            Errno::NotSup => ErrorCode::Unsupported,
            Errno::Overflow => ErrorCode::Overflow,
            Errno::Perm | Errno::NotCapable => ErrorCode::NotPermitted,
            Errno::Pipe => ErrorCode::Pipe,
            Errno::Spipe => ErrorCode::InvalidSeek,
            Errno::TooBig
            | Errno::AddrInUse
            | Errno::AddrNotAvail
            | Errno::AfNoSupport
            | Errno::Again
            | Errno::BadMsg
            | Errno::Canceled
            | Errno::ConnAborted
            | Errno::ConnRefused
            | Errno::ConnReset
            | Errno::Deadlk
            | Errno::DestAddrReq
            | Errno::Dquot
            | Errno::Fault
            | Errno::HostUnreach
            | Errno::Io
            | Errno::IsConn
            | Errno::Mfile
            | Errno::MsgSize
            | Errno::NetDown
            | Errno::NetReset
            | Errno::NetUnreach
            | Errno::Nfile
            | Errno::NoBufs
            | Errno::NoDev
            | Errno::NoLck
            | Errno::NoProtoOpt
            | Errno::NoSys
            | Errno::NotConn
            | Errno::NotSock
            | Errno::NotTty
            | Errno::Nxio
            | Errno::Proto
            | Errno::ProtoNoSupport
            | Errno::Prototype
            | Errno::Range
            | Errno::Rofs
            | Errno::Srch
            | Errno::Stale
            | Errno::TimedOut
            | Errno::TxtBsy
            | Errno::Xdev => ErrorCode::Io,
        }
    }
}
