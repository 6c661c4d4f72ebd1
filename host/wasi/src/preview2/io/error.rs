//! `wasi:io/error`, and why an operation on a stream fails.

use crate::base::errno::Errno;
use crate::preview2::call::Call;
use weft_parallel::{ComponentType, Lower, Resource};

/// The resource `error`.
pub(crate) struct IoError(pub(crate) Errno);

/// The variant `stream-error`.
#[derive(Debug, ComponentType, Lower)]
#[component(variant)]
pub(crate) enum StreamError {
    LastOperationFailed(Resource<IoError>),
    Closed,
}

/// Why an operation on a stream fails.
pub(crate) enum Failure {
    /// The stream is at its end, or nobody reads what is written.
    Closed,
    /// The host returned an error.
    Failed(Errno),
    /// The program broke a rule of the interface, so it traps.
    Trap(&'static str),
}

impl From<Errno> for Failure {
    fn from(error: Errno) -> Self {
        Failure::Failed(error)
    }
}

/// The result of an operation on a stream.
pub(crate) type Answer<R> = wasmtime::Result<Result<R, StreamError>>;

/// Turns an error into a resource that the program can inspect.
pub(crate) fn answer<R>(call: Call<'_>, outcome: Result<R, Failure>) -> Answer<R> {
    Ok(Err(match outcome {
        Ok(value) => return Ok(Ok(value)),
        Err(Failure::Closed) => StreamError::Closed,
        Err(Failure::Failed(error)) => StreamError::LastOperationFailed(call.push(IoError(error))?),
        Err(Failure::Trap(message)) => return Err(wasmtime::Error::msg(message)),
    }))
}

pub(crate) fn to_debug_string(call: Call<'_>, error: Resource<IoError>) -> wasmtime::Result<String> {
    Ok(call.get(&error)?.0.to_string())
}
