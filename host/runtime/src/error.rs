//! What goes wrong, as an embedder sees it.

use std::fmt;
use std::sync::Arc;
use wasmtime::{WasmBacktrace, format_err};

/// Why a program could not be made, called or brought to its end.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The component is malformed, invalid, or uses what weft does not have.
    #[error(transparent)]
    Lower(Arc<weft_lower::LowerError>),

    /// The engine refuses the configuration, or a core module.
    #[error("{context}: {message}")]
    Engine {
        /// What was being done.
        context: &'static str,
        /// What the engine says.
        message: String,
    },

    /// The host lacks what the component imports.
    #[error("the host does not supply {}", list(.0))]
    MissingImports(Vec<String>),

    /// A limit of the [`Config`](crate::Config) is below what the component needs to start.
    #[error("{0}")]
    Limit(String),

    /// The component exports no `wasi:cli/run`.
    #[error("the component is not a command: it exports no `wasi:cli/run`, which a module's `_start` becomes")]
    NotACommand,

    /// A call's arguments do not fit the function's parameters.
    #[error("{0}")]
    Arguments(String),

    /// A thread asked for the program's end with an exit code.
    #[error("the program exited with code {0}")]
    Exit(i32),

    /// A thread trapped, which ended all others.
    #[error(transparent)]
    Trap(Trap),

    /// A host function panicked. The panic's message is on the standard error stream.
    #[error("a host function panicked on thread {0}")]
    HostPanic(u32),

    /// The program had ended already: its main function returned, or its [`Instance`](crate::Instance) was dropped.
    #[error("the program has ended")]
    Ended,
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

impl From<weft_lower::LowerError> for Error {
    fn from(error: weft_lower::LowerError) -> Self {
        Error::Lower(Arc::new(error))
    }
}

/// A trap: which thread, why, and where.
///
/// [`Display`](fmt::Display) gives the first two in one line; [`Trap::backtrace`] gives the third.
#[derive(Debug, Clone)]
pub struct Trap {
    thread: u32,
    message: String,
    backtrace: Arc<[Frame]>,
}

/// A function that was active when a thread trapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The function's name, if the module has a name section, or its index.
    pub function: String,
    /// The offset in bytes of the instruction in the core module's run-time form.
    pub offset: Option<usize>,
    /// The source file and line, if the module has debug information.
    pub location: Option<String>,
}

impl Trap {
    pub(crate) fn new(thread: u32, error: &wasmtime::Error) -> Self {
        let frames = match error.downcast_ref::<WasmBacktrace>() {
            Some(backtrace) => backtrace.frames().iter().map(Frame::new).collect(),
            None => Arc::from([]),
        };
        Trap {
            thread,
            message: error.root_cause().to_string(),
            backtrace: frames,
        }
    }

    /// The index of the thread that trapped.
    pub fn thread(&self) -> u32 {
        self.thread
    }

    /// The reason.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The functions that were active, innermost first.
    pub fn backtrace(&self) -> &[Frame] {
        &self.backtrace
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "thread {}: {}", self.thread, self.message)
    }
}

impl std::error::Error for Trap {}

impl Frame {
    fn new(frame: &wasmtime::FrameInfo) -> Self {
        let symbol = frame.symbols().first();
        let name = symbol.and_then(|symbol| symbol.name()).or(frame.func_name());
        let location = symbol.and_then(|symbol| {
            let file = symbol.file()?;
            Some(match symbol.line() {
                Some(line) => format!("{file}:{line}"),
                None => file.to_owned(),
            })
        });
        Frame {
            function: match name {
                Some(name) => name.to_owned(),
                None => format!("function {}", frame.func_index()),
            },
            offset: frame.module_offset(),
            location,
        }
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.function)?;
        match (&self.location, self.offset) {
            (Some(location), _) => write!(f, " ({location})"),
            (None, Some(offset)) => write!(f, " (offset {offset:#x})"),
            (None, None) => Ok(()),
        }
    }
}

/// The error that a host function returns to end the whole program with an exit code.
///
/// ```
/// let error: wasmtime::Error = weft::Exit(3).into();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("exit with code {0}")]
pub struct Exit(pub i32);

/// How a program came to its end.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// The embedder ended it, or its main function returned.
    Ended,
    /// By an error that every call reports.
    Failed(Error),
}

impl Outcome {
    /// What the error that ended thread `index` means for the program.
    pub(crate) fn of(index: u32, error: &wasmtime::Error) -> Self {
        match error.downcast_ref::<Exit>() {
            Some(Exit(code)) => Outcome::Failed(Error::Exit(*code)),
            None => Outcome::Failed(Error::Trap(Trap::new(index, error))),
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
