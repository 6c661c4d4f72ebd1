//! `wasi:sockets/network`: why an operation on a socket fails.

use crate::base::errno::Errno;
use rustix::io::Errno as Os;
use weft_parallel::{ComponentType, Lower};

/// The enum `error-code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lower)]
#[component(enum)]
#[repr(u8)]
pub(crate) enum ErrorCode {
    Unknown,
    AccessDenied,
    NotSupported,
    InvalidArgument,
    OutOfMemory,
    Timeout,
    ConcurrencyConflict,
    NotInProgress,
    WouldBlock,
    InvalidState,
    NewSocketLimit,
    AddressNotBindable,
    AddressInUse,
    RemoteUnreachable,
    ConnectionRefused,
    ConnectionReset,
    ConnectionAborted,
    DatagramTooLarge,
    NameUnresolvable,
    #[expect(dead_code, reason = "the system does not say so, but the interface has it")]
    TemporaryResolverFailure,
    PermanentResolverFailure,
}

/// The result of a function of the interface.
pub(crate) type Answer<R> = wasmtime::Result<Result<R, ErrorCode>>;

impl From<Os> for ErrorCode {
    fn from(error: Os) -> Self {
        match error {
            Os::AGAIN => ErrorCode::WouldBlock,
            Os::PERM | Os::ACCESS => ErrorCode::AccessDenied,
            Os::ADDRINUSE => ErrorCode::AddressInUse,
            Os::ADDRNOTAVAIL => ErrorCode::AddressNotBindable,
            Os::TIMEDOUT => ErrorCode::Timeout,
            Os::CONNREFUSED => ErrorCode::ConnectionRefused,
            Os::CONNRESET => ErrorCode::ConnectionReset,
            Os::CONNABORTED => ErrorCode::ConnectionAborted,
            Os::INVAL => ErrorCode::InvalidArgument,
            Os::HOSTUNREACH | Os::HOSTDOWN | Os::NETDOWN | Os::NETUNREACH | Os::NONET => ErrorCode::RemoteUnreachable,
            Os::ISCONN | Os::NOTCONN | Os::DESTADDRREQ => ErrorCode::InvalidState,
            Os::MSGSIZE => ErrorCode::DatagramTooLarge,
            Os::NOMEM | Os::NOBUFS => ErrorCode::OutOfMemory,
            Os::OPNOTSUPP
            | Os::NOPROTOOPT
            | Os::PFNOSUPPORT
            | Os::PROTONOSUPPORT
            | Os::PROTOTYPE
            | Os::SOCKTNOSUPPORT
            | Os::AFNOSUPPORT => ErrorCode::NotSupported,
            Os::MFILE | Os::NFILE => ErrorCode::NewSocketLimit,
            _ => ErrorCode::Unknown,
        }
    }
}

impl From<Errno> for ErrorCode {
    fn from(error: Errno) -> Self {
        match (error, error.os()) {
            (Errno::Mfile, _) => ErrorCode::NewSocketLimit,
            (_, Some(os)) => os.into(),
            (_, None) => ErrorCode::Unknown,
        }
    }
}
