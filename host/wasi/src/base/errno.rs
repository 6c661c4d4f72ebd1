//! The error codes of preview 1, and the conversion of host errors to them.

use rustix::io::Errno as Os;
use std::{fmt, io};
use weft_parallel::OutOfBounds;

/// An error code that a WASI function returns to the guest.
///
/// Both ABIs use the same numbers, those of preview 1's `errno`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub(crate) enum Errno {
    TooBig = 1,
    Acces = 2,
    AddrInUse = 3,
    AddrNotAvail = 4,
    AfNoSupport = 5,
    Again = 6,
    Already = 7,
    BadF = 8,
    BadMsg = 9,
    Busy = 10,
    Canceled = 11,
    ConnAborted = 13,
    ConnRefused = 14,
    ConnReset = 15,
    Deadlk = 16,
    DestAddrReq = 17,
    Dquot = 19,
    Exist = 20,
    Fault = 21,
    Fbig = 22,
    HostUnreach = 23,
    IlSeq = 25,
    InProgress = 26,
    Intr = 27,
    Inval = 28,
    Io = 29,
    IsConn = 30,
    IsDir = 31,
    Loop = 32,
    Mfile = 33,
    Mlink = 34,
    MsgSize = 35,
    NameTooLong = 37,
    NetDown = 38,
    NetReset = 39,
    NetUnreach = 40,
    Nfile = 41,
    NoBufs = 42,
    NoDev = 43,
    NoEnt = 44,
    NoLck = 46,
    NoMem = 48,
    NoProtoOpt = 50,
    NoSpc = 51,
    NoSys = 52,
    NotConn = 53,
    NotDir = 54,
    NotEmpty = 55,
    NotSock = 57,
    NotSup = 58,
    NotTty = 59,
    Nxio = 60,
    Overflow = 61,
    Perm = 63,
    Pipe = 64,
    Proto = 65,
    ProtoNoSupport = 66,
    Prototype = 67,
    Range = 68,
    Rofs = 69,
    Spipe = 70,
    Srch = 71,
    Stale = 72,
    TimedOut = 73,
    TxtBsy = 74,
    Xdev = 75,
    NotCapable = 76,
}

/// What the body of a WASI function returns.
pub(crate) type Result<T> = std::result::Result<T, Errno>;

/// Repeats a host operation as long as a signal interrupts it. The engine sends signals to the workers, and the kernel
/// does not restart every system call. For example, a call that waits for a file system in user space fails.
///
/// A system call on an open file uses `retry_on_intr`, which does the same.
pub(crate) fn uninterrupted<R>(mut operation: impl FnMut() -> Result<R>) -> Result<R> {
    loop {
        match operation() {
            Err(Errno::Intr) => {}
            outcome => return outcome,
        }
    }
}

impl Errno {
    /// The number that the guest sees.
    pub(crate) fn code(self) -> u16 {
        self as u16
    }
}

/// If a guest's pointer is out of bounds, the call returns `fault`, as in Wasmtime, and does not trap: the call has had
/// no effect, and the program may continue.
impl From<OutOfBounds> for Errno {
    fn from(_: OutOfBounds) -> Self {
        Errno::Fault
    }
}

impl From<io::Error> for Errno {
    fn from(error: io::Error) -> Self {
        if let Some(os) = Os::from_io_error(&error) {
            return os.into();
        }
        // Errors that cap-std creates itself have only a kind. One of them is a path that leads out of the sandbox.
        match error.kind() {
            io::ErrorKind::PermissionDenied => Errno::Perm,
            io::ErrorKind::NotFound => Errno::NoEnt,
            io::ErrorKind::AlreadyExists => Errno::Exist,
            io::ErrorKind::InvalidInput => Errno::Inval,
            io::ErrorKind::WouldBlock => Errno::Again,
            io::ErrorKind::NotADirectory => Errno::NotDir,
            io::ErrorKind::IsADirectory => Errno::IsDir,
            io::ErrorKind::Unsupported => Errno::NotSup,
            _ => Errno::Io,
        }
    }
}

/// The errors that the system and WASI both have.
const PAIRS: &[(Os, Errno)] = &[
    (Os::TOOBIG, Errno::TooBig),
    (Os::ACCESS, Errno::Acces),
    (Os::ADDRINUSE, Errno::AddrInUse),
    (Os::ADDRNOTAVAIL, Errno::AddrNotAvail),
    (Os::AFNOSUPPORT, Errno::AfNoSupport),
    (Os::AGAIN, Errno::Again),
    (Os::ALREADY, Errno::Already),
    (Os::BADF, Errno::BadF),
    (Os::BADMSG, Errno::BadMsg),
    (Os::BUSY, Errno::Busy),
    (Os::CANCELED, Errno::Canceled),
    (Os::CONNABORTED, Errno::ConnAborted),
    (Os::CONNREFUSED, Errno::ConnRefused),
    (Os::CONNRESET, Errno::ConnReset),
    (Os::DEADLK, Errno::Deadlk),
    (Os::DESTADDRREQ, Errno::DestAddrReq),
    (Os::DQUOT, Errno::Dquot),
    (Os::EXIST, Errno::Exist),
    (Os::FBIG, Errno::Fbig),
    (Os::HOSTUNREACH, Errno::HostUnreach),
    (Os::ILSEQ, Errno::IlSeq),
    (Os::INPROGRESS, Errno::InProgress),
    (Os::INTR, Errno::Intr),
    (Os::INVAL, Errno::Inval),
    (Os::ISCONN, Errno::IsConn),
    (Os::ISDIR, Errno::IsDir),
    (Os::LOOP, Errno::Loop),
    (Os::MFILE, Errno::Mfile),
    (Os::MLINK, Errno::Mlink),
    (Os::MSGSIZE, Errno::MsgSize),
    (Os::NAMETOOLONG, Errno::NameTooLong),
    (Os::NETDOWN, Errno::NetDown),
    (Os::NETRESET, Errno::NetReset),
    (Os::NETUNREACH, Errno::NetUnreach),
    (Os::NFILE, Errno::Nfile),
    (Os::NOBUFS, Errno::NoBufs),
    (Os::NODEV, Errno::NoDev),
    (Os::NOENT, Errno::NoEnt),
    (Os::NOLCK, Errno::NoLck),
    (Os::NOMEM, Errno::NoMem),
    (Os::NOPROTOOPT, Errno::NoProtoOpt),
    (Os::NOSPC, Errno::NoSpc),
    (Os::NOSYS, Errno::NoSys),
    (Os::NOTCONN, Errno::NotConn),
    (Os::NOTDIR, Errno::NotDir),
    (Os::NOTEMPTY, Errno::NotEmpty),
    (Os::NOTSOCK, Errno::NotSock),
    (Os::NOTSUP, Errno::NotSup),
    (Os::NOTTY, Errno::NotTty),
    (Os::NXIO, Errno::Nxio),
    (Os::OVERFLOW, Errno::Overflow),
    (Os::PERM, Errno::Perm),
    (Os::PIPE, Errno::Pipe),
    (Os::PROTO, Errno::Proto),
    (Os::PROTONOSUPPORT, Errno::ProtoNoSupport),
    (Os::PROTOTYPE, Errno::Prototype),
    (Os::RANGE, Errno::Range),
    (Os::ROFS, Errno::Rofs),
    (Os::SPIPE, Errno::Spipe),
    (Os::SRCH, Errno::Srch),
    (Os::STALE, Errno::Stale),
    (Os::TIMEDOUT, Errno::TimedOut),
    (Os::TXTBSY, Errno::TxtBsy),
    (Os::XDEV, Errno::Xdev),
    (Os::IO, Errno::Io),
];

impl From<Os> for Errno {
    fn from(error: Os) -> Self {
        let pair = PAIRS.iter().find(|(os, _)| *os == error);
        pair.map_or(Errno::Io, |(_, errno)| *errno)
    }
}

impl Errno {
    /// The error as the system has it.
    pub(crate) fn os(self) -> Option<Os> {
        PAIRS.iter().find(|(_, errno)| *errno == self).map(|(os, _)| *os)
    }
}

/// What the system says of the error, as far as it has it.
impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.os() {
            Some(os) => io::Error::from(os).fmt(f),
            None => write!(f, "{self:?}"),
        }
    }
}
