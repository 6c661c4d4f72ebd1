//! The types of `wasi:filesystem/types`, and what those of the host become in them.

use crate::base::errno::Errno;
use crate::base::types::{Filestat, Filetype};
use crate::preview2::clocks::Datetime;
use crate::preview2::values::{Lift, enumeration, flags, record, unexpected};
use rustix::fs::{Advice as HostAdvice, Timespec, UTIME_NOW, UTIME_OMIT};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;
use weft::{Thread, Val};

enumeration! {
    /// The enum `descriptor-type`.
    DescriptorType {
        Unknown = "unknown",
        BlockDevice = "block-device",
        CharacterDevice = "character-device",
        Directory = "directory",
        Fifo = "fifo",
        SymbolicLink = "symbolic-link",
        RegularFile = "regular-file",
        Socket = "socket",
    }
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

flags! {
    /// The flags `descriptor-flags`.
    DescriptorFlags {
        read = "read",
        write = "write",
        file_integrity_sync = "file-integrity-sync",
        data_integrity_sync = "data-integrity-sync",
        requested_write_sync = "requested-write-sync",
        mutate_directory = "mutate-directory",
    }
}

flags! {
    /// The flags `path-flags`.
    PathFlags {
        symlink_follow = "symlink-follow",
    }
}

flags! {
    /// The flags `open-flags`.
    OpenFlags {
        create = "create",
        directory = "directory",
        exclusive = "exclusive",
        truncate = "truncate",
    }
}

record! {
    /// The record `descriptor-stat`.
    DescriptorStat {
        filetype: DescriptorType = "type",
        link_count: u64 = "link-count",
        size: u64 = "size",
        accessed: Option<Datetime> = "data-access-timestamp",
        modified: Option<Datetime> = "data-modification-timestamp",
        changed: Option<Datetime> = "status-change-timestamp",
    }
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NewTimestamp {
    NoChange,
    Now,
    Timestamp(Datetime),
}

impl Lift for NewTimestamp {
    fn lift<T>(thread: &Thread<T>, value: &Val) -> wasmtime::Result<Self> {
        match value {
            Val::Variant(case, None) if case == "no-change" => Ok(NewTimestamp::NoChange),
            Val::Variant(case, None) if case == "now" => Ok(NewTimestamp::Now),
            Val::Variant(case, Some(time)) if case == "timestamp" => {
                Ok(NewTimestamp::Timestamp(Datetime::lift(thread, time)?))
            }
            other => Err(unexpected(other)),
        }
    }
}

impl NewTimestamp {
    /// The time as the host sets it.
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

record! {
    /// The record `directory-entry`.
    DirectoryEntry {
        filetype: DescriptorType = "type",
        name: String = "name",
    }
}

record! {
    /// The record `metadata-hash-value`.
    MetadataHash {
        lower: u64 = "lower",
        upper: u64 = "upper",
    }
}

impl MetadataHash {
    /// The same for the same file, as long as it exists.
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

enumeration! {
    /// The enum `advice`.
    Advice {
        Normal = "normal",
        Sequential = "sequential",
        Random = "random",
        WillNeed = "will-need",
        DontNeed = "dont-need",
        NoReuse = "no-reuse",
    }
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

enumeration! {
    /// The enum `error-code`.
    ErrorCode {
        Access = "access",
        WouldBlock = "would-block",
        Already = "already",
        BadDescriptor = "bad-descriptor",
        Busy = "busy",
        Deadlock = "deadlock",
        Quota = "quota",
        Exist = "exist",
        FileTooLarge = "file-too-large",
        IllegalByteSequence = "illegal-byte-sequence",
        InProgress = "in-progress",
        Interrupted = "interrupted",
        Invalid = "invalid",
        Io = "io",
        IsDirectory = "is-directory",
        Loop = "loop",
        TooManyLinks = "too-many-links",
        MessageSize = "message-size",
        NameTooLong = "name-too-long",
        NoDevice = "no-device",
        NoEntry = "no-entry",
        NoLock = "no-lock",
        InsufficientMemory = "insufficient-memory",
        InsufficientSpace = "insufficient-space",
        NotDirectory = "not-directory",
        NotEmpty = "not-empty",
        NotRecoverable = "not-recoverable",
        Unsupported = "unsupported",
        NoTty = "no-tty",
        NoSuchDevice = "no-such-device",
        Overflow = "overflow",
        NotPermitted = "not-permitted",
        Pipe = "pipe",
        ReadOnly = "read-only",
        InvalidSeek = "invalid-seek",
        TextFileBusy = "text-file-busy",
        CrossDevice = "cross-device",
    }
}

/// What Wasmtime has no code for is `io` there, and so it is here.
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
