//! The outcome of running something: values, or an abnormal end.

use std::fmt;

/// A result of a call.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Core(wasmtime::Val),
    Component(wasmtime::component::Val),
}

/// The outcome of an instantiation or call.
pub(crate) type Execution<T = Vec<Value>> = Result<T, End>;

/// An abnormal end.
#[derive(Debug, Clone)]
pub(crate) enum End {
    /// The engine's message.
    Trap(String),
    /// An exception that no function of the call caught.
    Exception,
    /// The imports do not match those of the module or component.
    Unlinkable(String),
    /// The script has used up its time.
    TimeLimit,
    /// It could not be tried.
    NotRun(String),
}

impl End {
    /// Interprets an error with which Wasmtime's call of a core module's function ended.
    pub(crate) fn of_call(error: wasmtime::Error) -> Self {
        match error.is::<wasmtime::ThrownException>() {
            true => End::Exception,
            false => weft_parallel::Error::Trap(error.into()).into(),
        }
    }

    /// Interprets an error with which Wasmtime's instantiation of a core module ended.
    pub(crate) fn of_instantiation(error: wasmtime::Error) -> Self {
        if error.is::<wasmtime::Trap>() || error.is::<wasmtime::ThrownException>() {
            return End::of_call(error);
        }
        let message = format!("{error:#}");
        match error.is::<wasmtime::UnknownImportError>() || weft_lower::messages::is_import_mismatch(&message) {
            true => End::Unlinkable(message),
            false => End::NotRun(message),
        }
    }
}

impl From<weft_parallel::Error> for End {
    fn from(error: weft_parallel::Error) -> Self {
        match error {
            weft_parallel::Error::Trap(trap) if trap.code() == Some(wasmtime::Trap::Interrupt) => End::TimeLimit,
            weft_parallel::Error::Trap(trap) => End::Trap(trap.message().to_owned()),
            weft_parallel::Error::MissingImports(_)
            | weft_parallel::Error::Link(_)
            | weft_parallel::Error::Lower(_) => End::Unlinkable(error.to_string()),
            error => End::NotRun(error.to_string()),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Trap(message) => {
                let reason = message.strip_prefix("wasm trap: ").unwrap_or(message);
                write!(f, "a trap: {reason}")
            }
            End::Exception => f.write_str("an exception that nothing catches"),
            End::Unlinkable(message) => write!(f, "imports that do not fit: {message}"),
            End::TimeLimit => f.write_str("no end within the time limit"),
            End::NotRun(message) => f.write_str(message),
        }
    }
}
