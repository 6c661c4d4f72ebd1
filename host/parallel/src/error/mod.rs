//! The errors that an embedder sees.

mod backtrace;
mod demangle;
mod end_reason;
mod location;
mod precompiled;

use crate::limits::budget::{OverBudget, TooManyElements};
use crate::limits::limiter::Refused;
use crate::limits::room::NoRoom;
use crate::log;
use crate::system::os_threads::Refusal;
pub use backtrace::{Frame, Trap};
pub(crate) use demangle::{demangle, printable};
pub use end_reason::EndReason;
pub use location::SourceLocation;
pub use precompiled::PrecompiledError;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use tracing::info;
use wasmtime::format_err;
use weft_abi::HandleError;

/// Why weft could not compile, instantiate, call or run a program.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        error: Arc<std::io::Error>,
    },

    /// The component is malformed or invalid, or uses something that weft does not support.
    #[error(transparent)]
    Lower(Arc<weft_lower::LowerError>),

    /// weft cannot adapt a core module. The error is one of the crate `weft-adapt`.
    #[error("cannot adapt the core module: {0}")]
    Adapt(Arc<dyn std::error::Error + Send + Sync>),

    /// The engine refuses the configuration, or a core module.
    #[error("{context}: {message}")]
    Engine {
        /// What was being done.
        context: &'static str,
        /// What the engine says.
        message: String,
    },

    /// weft cannot use a compiled component.
    #[error("cannot deserialize the component: {0}")]
    Precompiled(PrecompiledError),

    /// The system refuses an OS thread that weft needs.
    #[error("{context}: {refusal}")]
    OsThread {
        /// What was being done.
        context: &'static str,
        /// Why, and by which limit.
        refusal: Refusal,
    },

    /// The host lacks what the component imports.
    #[error("the host does not supply {}", list(.0))]
    MissingImports(Vec<String>),

    /// What the host supplies for an import has another type than the import.
    #[error("{0}")]
    Link(String),

    /// A linker defines this name twice.
    #[error("`{0}` is already defined: give each function and instance a name of its own")]
    Defined(String),

    /// A linker cannot define a resource type by this name, because a component defines the type.
    #[error(
        "`{0}` cannot be a resource type that a component defines: use `ResourceType::host_dynamic`, and convert the \
         handles in the functions that pass them"
    )]
    GuestResource(String),

    /// The linker and the component belong to different engines.
    #[error("the component and the linker belong to different engines: use one engine for both")]
    OtherEngine,

    /// The operation would exceed a limit of the [`Config`](crate::Config) or the [`InstanceLimits`](crate::InstanceLimits).
    #[error("{0}")]
    Limit(String),

    /// A host function called an instance, and another call of that instance waits for the host function: see
    /// [`Func::call_async`](crate::Func::call_async).
    #[error(
        "cannot enter component instance: an unshared function of the instance waits for this host function, so the host \
         function cannot call `{0}`; return first, or call another instance"
    )]
    Reentrant(String),

    /// A host function called a blocking function. Its worker could not run guest threads in the meantime.
    #[error(
        "a host function called a function of weft that blocks, which would block a worker: define the host function with \
         `func_wrap_async`, and use the async form"
    )]
    WaitOnWorker,

    /// The component exports no `wasi:cli/run` of WASI 0.2 or 0.3.
    #[error(
        "the component is not a command: it exports no `wasi:cli/run` of WASI 0.2 or 0.3, which `weft adapt` \
         makes from a module's `_start`: link a module with `--export=_start`; to call another function, use `weft run --invoke`"
    )]
    NotACommand,

    /// A lifted function takes or returns values that the runtime cannot pass.
    #[error("`{function}` cannot be called: {reason}, which the host cannot pass; use another type")]
    NotCallable {
        /// The function's path, joined by `#`.
        function: String,
        /// Why not.
        reason: String,
    },

    /// The component exports no function of this name.
    #[error("the component exports no function `{0}`")]
    NoExport(String),

    /// The embedder asked for a function with Rust types that do not match its parameters and its result.
    #[error("`{function}` has other types than the host expects: {reason}")]
    OtherTypes {
        /// The function's path, joined by `#`.
        function: String,
        /// Where they differ.
        reason: String,
    },

    /// A host function used a function, a memory or a table of a core module that is not shared, on a thread that does not have it.
    #[error(
        "`{0}` is not shared: only a call that takes turns can use it, and the host function runs on another thread; share it, or \
         use it when the thread has handed over to such a call"
    )]
    NotShared(String),

    /// A function, a memory or a table of a core module was used with an instance of another component.
    #[error("`{0}` belongs to another component: get it from the instance that it is used with")]
    OtherComponent(String),

    /// The host accessed a memory outside of its bounds. Nothing was read or written.
    #[error("an access of {length} bytes at address {address:#x} is outside of the memory, which has {size:#x} bytes")]
    OutOfBounds {
        /// The first address of the access.
        address: u64,
        /// The size of the access in bytes.
        length: u64,
        /// The size of the memory in bytes.
        size: u64,
    },

    /// The host asked for an element that a table does not have, or for more elements than it may have.
    #[error("table `{table}`: {reason}")]
    Table {
        /// The table's name.
        table: String,
        /// What is wrong.
        reason: String,
    },

    /// A call's arguments do not fit the function's parameters.
    #[error("{0}")]
    Arguments(String),

    /// The host cannot drop a resource, because its handle was passed on or dropped, belongs to another program, or is lent.
    #[error("cannot drop a resource: {0}")]
    Resource(#[from] HandleError),

    /// A thread ended the program with an exit code.
    #[error("the program exited with code {0}")]
    Exit(i32),

    /// A thread trapped, which ended all others.
    #[error(transparent)]
    Trap(Trap),

    /// A host function panicked, and weft ended the program. The index is that of the calling guest thread, if the runtime knows it.
    ///
    /// weft does not keep the panic's message. Unless the process has a panic hook of its own, it is on the standard error stream.
    #[error("a host function panicked{}: see the panic's message on the standard error stream", on_thread(.0))]
    HostPanic(Option<u32>),

    /// The program did not end by itself: an [`EndHandle`](crate::EndHandle) ended it, or it reached one of the
    /// [`InstanceLimits`](crate::InstanceLimits) of time.
    #[error("{0}")]
    EndedBy(EndReason),

    /// The program has already ended, because its main function returned or its [`Instance`](crate::Instance) was dropped.
    #[error("the program has ended: make another instance of it")]
    Ended,
}

fn on_thread(thread: &Option<u32>) -> String {
    thread.map_or_else(String::new, |thread| format!(" on thread {thread}"))
}

fn list(names: &[String]) -> String {
    let quoted = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    quoted.join(", ")
}

impl Error {
    pub(crate) fn engine(context: &'static str, error: &wasmtime::Error) -> Self {
        Error::Engine {
            context,
            message: format!("{error:#}"),
        }
    }
}

/// The error is not kept as a source, because the message contains it.
impl From<PrecompiledError> for Error {
    fn from(error: PrecompiledError) -> Self {
        Error::Precompiled(error)
    }
}

impl From<weft_lower::LowerError> for Error {
    fn from(error: weft_lower::LowerError) -> Self {
        Error::Lower(Arc::new(error))
    }
}

/// The error that a host function returns to end the whole program with an exit code.
///
/// ```
/// let error: wasmtime::Error = weft_parallel::Exit(3).into();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("exit with code {0}")]
pub struct Exit(pub i32);

/// A core module cannot be linked with the imports that it gets.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct LinkError(pub String);

/// Converts an error that ended a program, if it is no trap: an exit code, or a limit that was reached.
#[doc(hidden)]
pub fn program_error(error: &wasmtime::Error) -> Option<Error> {
    Some(if let Some(Exit(code)) = error.downcast_ref() {
        Error::Exit(*code)
    } else if let Some(error) = error.downcast_ref::<OverBudget>() {
        Error::Limit(error.to_string())
    } else if let Some(error) = error.downcast_ref::<TooManyElements>() {
        Error::Limit(error.to_string())
    } else if let Some(error) = error.downcast_ref::<Refused>() {
        Error::Limit(error.to_string())
    } else if let Some(error) = error.downcast_ref::<NoRoom>() {
        Error::Limit(error.to_string())
    } else if let Some(LinkError(message)) = error.downcast_ref() {
        Error::Link(message.clone())
    } else {
        return None;
    })
}

/// How a program ended.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// The embedder ended it, or its main function returned.
    Ended,
    /// An error ended it, which every call reports.
    Failed(Error),
}

impl Outcome {
    /// What the error that ended the thread with this index and name means for the program.
    pub(crate) fn of(index: u32, name: Option<Arc<str>>, error: wasmtime::Error) -> Self {
        let typed = program_error(&error);
        Outcome::Failed(typed.unwrap_or_else(|| Error::Trap(Trap::new(Some(index), name, error))))
    }

    /// Logs that thread `thread` caused this outcome.
    pub(crate) fn log(&self, instance: u64, thread: u32) {
        match self {
            Outcome::Failed(Error::Trap(trap)) => {
                info!(target: log::THREADS, instance, thread, reason = trap.message(), "trapped");
            }
            Outcome::Failed(Error::Exit(code)) => info!(target: log::THREADS, instance, thread, code, "exited"),
            Outcome::Failed(error) => info!(target: log::THREADS, instance, thread, %error, "failed"),
            Outcome::Ended => {}
        }
    }

    pub(crate) fn error(&self) -> Error {
        match self {
            Outcome::Ended => Error::Ended,
            Outcome::Failed(error) => error.clone(),
        }
    }
}

/// The error of a canonical built-in.
pub(crate) fn trap(message: impl fmt::Display) -> wasmtime::Error {
    format_err!("{message}")
}

/// The error that the run-time module lacks an export of its plan.
pub(crate) fn lacks(export: &str) -> wasmtime::Error {
    trap(format_args!("the run-time module does not export `{export}`"))
}
