//! A second copy of the interface definition of `wasi_snapshot_preview1`, as a program's author reads it: error codes,
//! flags and records. Nothing here comes from the implementation, so the tests detect a wrong number there.

/// Defines the error codes in the order of the interface definition: the first is 0.
macro_rules! errnos {
    ($($name:ident)*) => {
        /// An error code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(dead_code, reason = "the whole of the definition")]
        pub enum Errno { $($name),* }

        impl Errno {
            const ALL: &[Errno] = &[$(Errno::$name),*];
        }
    };
}

errnos! {
    Success TooBig Acces AddrInUse AddrNotAvail AfNoSupport Again Already BadF BadMsg Busy Canceled Child ConnAborted
    ConnRefused ConnReset Deadlk DestAddrReq Dom Dquot Exist Fault Fbig HostUnreach Idrm IlSeq InProgress Intr Inval Io
    IsConn IsDir Loop Mfile Mlink MsgSize Multihop NameTooLong NetDown NetReset NetUnreach Nfile NoBufs NoDev NoEnt
    NoExec NoLck NoLink NoMem NoMsg NoProtoOpt NoSpc NoSys NotConn NotDir NotEmpty NotRecoverable NotSock NotSup NotTty
    Nxio Overflow OwnerDead Perm Pipe Proto ProtoNoSupport Prototype Range Rofs Spipe Srch Stale TimedOut TxtBsy Xdev
    NotCapable
}

impl Errno {
    /// What a function returned: `Ok` for success.
    pub fn check(code: u32) -> Result<(), Errno> {
        match Self::ALL.get(code as usize) {
            Some(Errno::Success) => Ok(()),
            Some(error) => Err(*error),
            None => panic!("{code} is no error code"),
        }
    }
}

/// `rights`.
pub mod rights {
    pub const FD_DATASYNC: u64 = 1 << 0;
    pub const FD_READ: u64 = 1 << 1;
    pub const FD_SEEK: u64 = 1 << 2;
    pub const FD_FDSTAT_SET_FLAGS: u64 = 1 << 3;
    pub const FD_SYNC: u64 = 1 << 4;
    pub const FD_TELL: u64 = 1 << 5;
    pub const FD_WRITE: u64 = 1 << 6;
    pub const FD_ADVISE: u64 = 1 << 7;
    pub const FD_ALLOCATE: u64 = 1 << 8;
    pub const PATH_CREATE_DIRECTORY: u64 = 1 << 9;
    pub const PATH_CREATE_FILE: u64 = 1 << 10;
    pub const PATH_LINK_SOURCE: u64 = 1 << 11;
    pub const PATH_LINK_TARGET: u64 = 1 << 12;
    pub const PATH_OPEN: u64 = 1 << 13;
    pub const FD_READDIR: u64 = 1 << 14;
    pub const PATH_READLINK: u64 = 1 << 15;
    pub const PATH_RENAME_SOURCE: u64 = 1 << 16;
    pub const PATH_RENAME_TARGET: u64 = 1 << 17;
    pub const PATH_FILESTAT_GET: u64 = 1 << 18;
    pub const PATH_FILESTAT_SET_SIZE: u64 = 1 << 19;
    pub const PATH_FILESTAT_SET_TIMES: u64 = 1 << 20;
    pub const FD_FILESTAT_GET: u64 = 1 << 21;
    pub const FD_FILESTAT_SET_SIZE: u64 = 1 << 22;
    pub const FD_FILESTAT_SET_TIMES: u64 = 1 << 23;
    pub const PATH_SYMLINK: u64 = 1 << 24;
    pub const PATH_REMOVE_DIRECTORY: u64 = 1 << 25;
    pub const PATH_UNLINK_FILE: u64 = 1 << 26;
    pub const POLL_FD_READWRITE: u64 = 1 << 27;
    pub const SOCK_SHUTDOWN: u64 = 1 << 28;
    pub const SOCK_ACCEPT: u64 = 1 << 29;
    pub const ALL: u64 = (1 << 30) - 1;
    pub const READ_WRITE: u64 = FD_READ | FD_WRITE;
    /// As C libraries open to read: all rights but those that write.
    pub const READ: u64 = ALL & !(FD_WRITE | FD_ALLOCATE | FD_FILESTAT_SET_SIZE | FD_FILESTAT_SET_TIMES);
    /// As C libraries open to write: all rights but that to read.
    pub const WRITE: u64 = ALL & !FD_READ;
}

/// `oflags`.
pub mod oflags {
    pub const CREAT: u32 = 1 << 0;
    pub const DIRECTORY: u32 = 1 << 1;
    pub const EXCL: u32 = 1 << 2;
    pub const TRUNC: u32 = 1 << 3;
}

/// `fdflags`.
pub mod fdflags {
    pub const APPEND: u32 = 1 << 0;
    pub const DSYNC: u32 = 1 << 1;
    pub const NONBLOCK: u32 = 1 << 2;
    pub const RSYNC: u32 = 1 << 3;
    pub const SYNC: u32 = 1 << 4;
}

/// `fstflags`.
pub mod fstflags {
    pub const ATIM: u32 = 1 << 0;
    pub const ATIM_NOW: u32 = 1 << 1;
    pub const MTIM: u32 = 1 << 2;
    pub const MTIM_NOW: u32 = 1 << 3;
}

/// `whence`.
pub mod whence {
    pub const SET: u32 = 0;
    pub const CUR: u32 = 1;
    pub const END: u32 = 2;
}

/// `filetype`.
pub mod filetype {
    pub const UNKNOWN: u8 = 0;
    pub const CHARACTER_DEVICE: u8 = 2;
    pub const DIRECTORY: u8 = 3;
    pub const REGULAR_FILE: u8 = 4;
    pub const SOCKET_STREAM: u8 = 6;
    pub const SYMBOLIC_LINK: u8 = 7;
}

/// `clockid`.
pub mod clock {
    pub const REALTIME: u32 = 0;
    pub const MONOTONIC: u32 = 1;
    pub const PROCESS_CPUTIME: u32 = 2;
    pub const THREAD_CPUTIME: u32 = 3;
}

/// `lookupflags`: a link at the path's end is followed.
pub const FOLLOW: u32 = 1;
/// `lookupflags`: a link at the path's end is not followed.
pub const NOFOLLOW: u32 = 0;

/// The little-endian number of `N` bytes at `offset` of a record.
pub fn number<const N: usize>(record: &[u8], offset: usize) -> u64 {
    let mut bytes = [0; 8];
    bytes[..N].copy_from_slice(&record[offset..offset + N]);
    u64::from_le_bytes(bytes)
}

/// `fdstat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fdstat {
    pub filetype: u8,
    pub flags: u32,
    pub rights: u64,
    pub inheriting: u64,
}

impl Fdstat {
    pub fn decode(record: &[u8; 24]) -> Self {
        Fdstat {
            filetype: record[0],
            flags: number::<2>(record, 2) as u32,
            rights: number::<8>(record, 8),
            inheriting: number::<8>(record, 16),
        }
    }
}

/// `filestat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filestat {
    pub dev: u64,
    pub ino: u64,
    pub filetype: u8,
    pub nlink: u64,
    pub size: u64,
    pub atim: u64,
    pub mtim: u64,
    pub ctim: u64,
}

impl Filestat {
    pub fn decode(record: &[u8; 64]) -> Self {
        Filestat {
            dev: number::<8>(record, 0),
            ino: number::<8>(record, 8),
            filetype: record[16],
            nlink: number::<8>(record, 24),
            size: number::<8>(record, 32),
            atim: number::<8>(record, 40),
            mtim: number::<8>(record, 48),
            ctim: number::<8>(record, 56),
        }
    }
}

/// `dirent`, with the name that follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dirent {
    pub next: u64,
    pub ino: u64,
    pub filetype: u8,
    pub name: Vec<u8>,
}

impl Dirent {
    /// The whole entries at the beginning of `bytes`, as a C library takes them: one that is cut off is left.
    pub fn decode_all(mut bytes: &[u8]) -> Vec<Self> {
        let mut entries = Vec::new();
        while bytes.len() >= 24 {
            let length = number::<4>(bytes, 16) as usize;
            let Some(name) = bytes.get(24..24 + length) else { break };
            entries.push(Dirent {
                next: number::<8>(bytes, 0),
                ino: number::<8>(bytes, 8),
                filetype: bytes[20],
                name: name.to_vec(),
            });
            bytes = &bytes[24 + length..];
        }
        entries
    }
}

/// `subscription`, for `poll_oneoff`.
#[derive(Debug, Clone, Copy)]
pub enum Subscription {
    Clock { id: u32, timeout: u64, flags: u16 },
    Read(u32),
    Write(u32),
}

impl Subscription {
    pub fn encode(self, userdata: u64) -> [u8; 48] {
        let mut record = [0; 48];
        record[..8].copy_from_slice(&userdata.to_le_bytes());
        match self {
            Subscription::Clock { id, timeout, flags } => {
                record[16..20].copy_from_slice(&id.to_le_bytes());
                record[24..32].copy_from_slice(&timeout.to_le_bytes());
                record[40..42].copy_from_slice(&flags.to_le_bytes());
            }
            Subscription::Read(fd) => {
                record[8] = 1;
                record[16..20].copy_from_slice(&fd.to_le_bytes());
            }
            Subscription::Write(fd) => {
                record[8] = 2;
                record[16..20].copy_from_slice(&fd.to_le_bytes());
            }
        }
        record
    }
}

/// `event`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub userdata: u64,
    pub outcome: Result<(), Errno>,
    /// `eventtype`: 0 for a clock, 1 to read, 2 to write.
    pub kind: u8,
    pub nbytes: u64,
    pub hangup: bool,
}

impl Event {
    pub fn decode(record: &[u8]) -> Self {
        Event {
            userdata: number::<8>(record, 0),
            outcome: Errno::check(number::<2>(record, 8) as u32),
            kind: record[10],
            nbytes: number::<8>(record, 16),
            hangup: number::<2>(record, 24) & 1 != 0,
        }
    }
}
