//! The flags and records of preview 1, in their layout in guest memory (little-endian).
//!
//! The differences of the older `wasi_unstable` are in `abi.rs`.

use crate::base::errno::{Errno, Result};
use crate::base::rights::Rights;
use rustix::fs::{FileType, Stat, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};

bitflags::bitflags! {
    /// How a descriptor reads and writes.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct FdFlags: u16 {
        const APPEND = 1 << 0;
        const DSYNC = 1 << 1;
        const NONBLOCK = 1 << 2;
        const RSYNC = 1 << 3;
        const SYNC = 1 << 4;
    }

    /// How `path_open` opens.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct OFlags: u16 {
        const CREAT = 1 << 0;
        const DIRECTORY = 1 << 1;
        const EXCL = 1 << 2;
        const TRUNC = 1 << 3;
    }

    /// How a path is resolved.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct LookupFlags: u32 {
        const SYMLINK_FOLLOW = 1 << 0;
    }

    /// How a socket receives.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct RiFlags: u16 {
        const PEEK = 1 << 0;
        const WAITALL = 1 << 1;
    }

    /// Which ways of a connection are closed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct SdFlags: u8 {
        const RD = 1 << 0;
        const WR = 1 << 1;
    }

    /// Which times are set, and to what.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct FstFlags: u16 {
        const ATIM = 1 << 0;
        const ATIM_NOW = 1 << 1;
        const MTIM = 1 << 2;
        const MTIM_NOW = 1 << 3;
    }
}

/// Flags as the guest passes them: an unknown bit is `inval`.
pub(crate) fn flags<F: bitflags::Flags>(bits: u32) -> Result<F>
where
    F::Bits: TryFrom<u32>,
{
    let bits = F::Bits::try_from(bits).map_err(|_| Errno::Inval)?;
    F::from_bits(bits).ok_or(Errno::Inval)
}

/// What kind of thing a descriptor or a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Filetype {
    Unknown = 0,
    BlockDevice = 1,
    CharacterDevice = 2,
    Directory = 3,
    RegularFile = 4,
    SocketStream = 6,
    SymbolicLink = 7,
}

impl From<FileType> for Filetype {
    fn from(filetype: FileType) -> Self {
        match filetype {
            FileType::RegularFile => Filetype::RegularFile,
            FileType::Directory => Filetype::Directory,
            FileType::Symlink => Filetype::SymbolicLink,
            FileType::Socket => Filetype::SocketStream,
            FileType::CharacterDevice => Filetype::CharacterDevice,
            FileType::BlockDevice => Filetype::BlockDevice,
            // Preview 1 has no pipes.
            FileType::Fifo | FileType::Unknown => Filetype::Unknown,
        }
    }
}

impl Filetype {
    /// The kind that a record names by its number.
    pub(crate) fn from_code(code: u8) -> Self {
        const ALL: [Filetype; 6] = [
            Filetype::BlockDevice,
            Filetype::CharacterDevice,
            Filetype::Directory,
            Filetype::RegularFile,
            Filetype::SocketStream,
            Filetype::SymbolicLink,
        ];
        let known = ALL.into_iter().find(|filetype| *filetype as u8 == code);
        known.unwrap_or(Filetype::Unknown)
    }
}

/// Where an offset counts from. The older ABI numbers the cases differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whence {
    Set,
    Current,
    End,
}

/// Writes consecutive little-endian fields at their offsets into a record.
pub(crate) fn field<const N: usize>(record: &mut [u8], offset: usize, bytes: [u8; N]) {
    if let Some(place) = record.get_mut(offset..offset + N) {
        place.copy_from_slice(&bytes);
    }
}

/// Reads the bytes of the field at `offset` of a record.
pub(crate) fn field_of<const N: usize>(record: &[u8], offset: usize) -> [u8; N] {
    let mut bytes = [0; N];
    if let Some(place) = record.get(offset..offset + N) {
        bytes.copy_from_slice(place);
    }
    bytes
}

/// `fdstat`: what `fd_fdstat_get` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fdstat {
    pub(crate) filetype: Filetype,
    pub(crate) flags: FdFlags,
    pub(crate) rights: Rights,
    pub(crate) inheriting: Rights,
}

impl Fdstat {
    pub(crate) fn encode(&self) -> [u8; 24] {
        let mut record = [0; 24];
        field(&mut record, 0, [self.filetype as u8]);
        field(&mut record, 2, self.flags.bits().to_le_bytes());
        field(&mut record, 8, self.rights.bits().to_le_bytes());
        field(&mut record, 16, self.inheriting.bits().to_le_bytes());
        record
    }
}

/// `filestat`: what is known of a file. Times are in nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Filestat {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) filetype: Filetype,
    pub(crate) links: u64,
    pub(crate) size: u64,
    pub(crate) accessed: u64,
    pub(crate) modified: u64,
    pub(crate) changed: u64,
}

impl Filestat {
    /// What is known of a stream that the host has no file for.
    pub(crate) const STREAM: Filestat = Filestat {
        device: 0,
        inode: 0,
        filetype: Filetype::Unknown,
        links: 0,
        size: 0,
        accessed: 0,
        modified: 0,
        changed: 0,
    };
}

impl From<Stat> for Filestat {
    #[allow(clippy::useless_conversion, reason = "the number of links has 32 bits on some hosts")]
    fn from(stat: Stat) -> Self {
        Filestat {
            device: stat.st_dev,
            inode: stat.st_ino,
            filetype: FileType::from_raw_mode(stat.st_mode).into(),
            links: stat.st_nlink.into(),
            size: stat.st_size.cast_unsigned(),
            accessed: nanoseconds(stat.st_atime, stat.st_atime_nsec.cast_signed()),
            modified: nanoseconds(stat.st_mtime, stat.st_mtime_nsec.cast_signed()),
            changed: nanoseconds(stat.st_ctime, stat.st_ctime_nsec.cast_signed()),
        }
    }
}

/// A host's time as preview 1 counts it: since 1970, and nothing before.
pub(crate) fn nanoseconds(seconds: i64, nanoseconds: i64) -> u64 {
    let total = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
    total.clamp(0, i128::from(u64::MAX)) as u64
}

/// The times that `fd_filestat_set_times` and `path_filestat_set_times` set: each one given, now, or unchanged.
pub(crate) fn timestamps(accessed: u64, modified: u64, which: u32) -> Result<Timestamps> {
    let which = flags::<FstFlags>(which)?;
    Ok(Timestamps {
        last_access: timespec(accessed, which, FstFlags::ATIM, FstFlags::ATIM_NOW)?,
        last_modification: timespec(modified, which, FstFlags::MTIM, FstFlags::MTIM_NOW)?,
    })
}

fn timespec(nanoseconds: u64, which: FstFlags, set: FstFlags, now: FstFlags) -> Result<Timespec> {
    let special = |tv_nsec| Ok(Timespec { tv_sec: 0, tv_nsec });
    match (which.contains(set), which.contains(now)) {
        (true, true) => Err(Errno::Inval),
        (false, false) => special(UTIME_OMIT),
        (false, true) => special(UTIME_NOW),
        (true, false) => Ok(Timespec {
            tv_sec: (nanoseconds / 1_000_000_000).cast_signed(),
            tv_nsec: (nanoseconds % 1_000_000_000).cast_signed(),
        }),
    }
}

/// The fixed part of a `dirent`; the name follows it.
pub(crate) fn dirent(next: u64, inode: u64, name_length: u32, filetype: Filetype) -> [u8; 24] {
    let mut record = [0; 24];
    field(&mut record, 0, next.to_le_bytes());
    field(&mut record, 8, inode.to_le_bytes());
    field(&mut record, 16, name_length.to_le_bytes());
    field(&mut record, 20, [filetype as u8]);
    record
}

/// What a subscription of `poll_oneoff` waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A clock reaches a time in nanoseconds, counted from now unless `absolute`.
    Clock { id: u32, timeout: u64, absolute: bool },
    /// A descriptor has bytes to read.
    Read { fd: u32 },
    /// A descriptor takes bytes.
    Write { fd: u32 },
}

/// `subscription`: one thing that `poll_oneoff` waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) userdata: u64,
    pub(crate) subject: Subject,
}

/// Where the fields of a `subscription` lie; the two ABIs differ.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SubscriptionLayout {
    /// The size of one record in bytes.
    pub(crate) size: usize,
    /// The offset of the clock's identifier.
    pub(crate) clock: usize,
    /// The offset of the clock's timeout.
    pub(crate) timeout: usize,
    /// The offset of the clock's flags.
    pub(crate) flags: usize,
}

impl SubscriptionLayout {
    pub(crate) fn decode(&self, record: &[u8]) -> Result<Subscription> {
        let [tag] = field_of(record, 8);
        let fd = u32::from_le_bytes(field_of(record, 16));
        let subject = match tag {
            0 => Subject::Clock {
                id: u32::from_le_bytes(field_of(record, self.clock)),
                timeout: u64::from_le_bytes(field_of(record, self.timeout)),
                absolute: match u16::from_le_bytes(field_of(record, self.flags)) {
                    0 => false,
                    1 => true,
                    _ => return Err(Errno::Inval),
                },
            },
            1 => Subject::Read { fd },
            2 => Subject::Write { fd },
            _ => return Err(Errno::Inval),
        };
        let userdata = u64::from_le_bytes(field_of(record, 0));
        Ok(Subscription { userdata, subject })
    }
}

/// `event`: the outcome of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) subscription: Subscription,
    pub(crate) outcome: Result<Readiness>,
}

/// A descriptor that is ready, or a clock (then all is zero).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Readiness {
    /// How many bytes can be read or written at least.
    pub(crate) bytes: u64,
    /// Whether the other side is gone.
    pub(crate) hangup: bool,
}

impl Event {
    /// The size of one record in bytes.
    pub(crate) const SIZE: usize = 32;

    pub(crate) fn encode(&self) -> [u8; Event::SIZE] {
        let tag = match self.subscription.subject {
            Subject::Clock { .. } => 0,
            Subject::Read { .. } => 1,
            Subject::Write { .. } => 2,
        };
        let error = self.outcome.err().map_or(0, Errno::code);
        let readiness = self.outcome.unwrap_or_default();
        let mut record = [0; Event::SIZE];
        field(&mut record, 0, self.subscription.userdata.to_le_bytes());
        field(&mut record, 8, error.to_le_bytes());
        field(&mut record, 10, [tag]);
        field(&mut record, 16, readiness.bytes.to_le_bytes());
        field(&mut record, 24, u16::from(readiness.hangup).to_le_bytes());
        record
    }
}
