//! Traps and their backtraces.

use super::demangle::{cause, demangle};
use super::location::SourceLocation;
use crate::system::stack_slab::NoStack;
use rustix::io::Errno;
use std::fmt;
use std::sync::Arc;
use wasmtime::{FrameInfo, GcHeapOutOfMemory, ThrownException, WasmBacktrace};
use weft_lower::messages::is_out_of_handles;
use weft_lower::plan::{ALLOCATE_NAME, DROP_NAME, HOST_CALL_NAME, LIFT_EXPORT};

/// A trap: which thread, why, and where.
///
/// [`Display`](fmt::Display) prints the first two in one line; [`Trap::backtrace`] returns the third.
#[derive(Debug, Clone)]
pub struct Trap {
    thread: Option<u32>,
    thread_name: Option<Arc<str>>,
    message: String,
    backtrace: Arc<[Frame]>,
    error: Arc<wasmtime::Error>,
}

/// A function that was active when a thread trapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The function's name, if the module has a name section, or its index. Symbols of Rust and C++ are demangled.
    pub function: String,
    /// The byte offset of the instruction in the core module that weft compiled, which differs from the one that its author wrote.
    pub offset: Option<usize>,
    /// Where it is in the source, as far as the engine itself says so.
    locations: Vec<SourceLocation>,
}

impl Trap {
    pub(super) fn new(thread: Option<u32>, thread_name: Option<Arc<str>>, error: wasmtime::Error) -> Self {
        let backtrace = error.downcast_ref::<WasmBacktrace>();
        // The functions that the run-time module adds are left out: to lift exports, and to call `realloc`, destructors and host modules.
        let added = [ALLOCATE_NAME, DROP_NAME, HOST_CALL_NAME];
        let is_ours = |name: &str| name.starts_with(LIFT_EXPORT) || added.contains(&name);
        let is_added = |frame: &&FrameInfo| frame.func_name().is_some_and(is_ours);
        let frames = backtrace.map(|backtrace| {
            let frames = backtrace.frames().iter().filter(|frame| !is_added(frame));
            frames.map(Frame::new).collect()
        });
        Trap {
            thread,
            thread_name,
            message: message(&error),
            backtrace: frames.unwrap_or_else(|| Arc::from([])),
            error: Arc::new(error),
        }
    }

    /// The index of the thread that trapped. `None` on Wasmtime's component runtime, which does not report it.
    pub fn thread(&self) -> Option<u32> {
        self.thread
    }

    /// The name of that thread, if the program has named it: see [`Thread::set_name`](crate::Thread::set_name).
    pub fn thread_name(&self) -> Option<&str> {
        self.thread_name.as_deref()
    }

    /// The reason.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The WebAssembly trap. `None` if a built-in or a host function trapped.
    pub fn code(&self) -> Option<wasmtime::Trap> {
        self.downcast_ref::<wasmtime::Trap>().copied()
    }

    /// The error that a host function trapped with, if it is of type `E`.
    pub fn downcast_ref<E: fmt::Display + fmt::Debug + Send + Sync + 'static>(&self) -> Option<&E> {
        self.error.downcast_ref()
    }

    /// The functions that were active, innermost first.
    pub fn backtrace(&self) -> &[Frame] {
        &self.backtrace
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.thread, &self.thread_name) {
            (Some(thread), Some(name)) => write!(f, "thread {thread} \"{name}\": {}", self.message),
            (Some(thread), None) => write!(f, "thread {thread}: {}", self.message),
            (None, _) => write!(f, "{}", self.message),
        }
    }
}

/// A trap of a program that runs on Wasmtime's own component runtime.
impl From<wasmtime::Error> for Trap {
    fn from(error: wasmtime::Error) -> Self {
        Trap::new(None, None, error)
    }
}

impl std::error::Error for Trap {}

/// The most bytes of an error's message that are reported.
const LONGEST_CAUSE: usize = 64 << 10;

/// The error and its causes, in one line. The backtrace, which Wasmtime adds to the causes, is left out because the
/// trap has it separately.
fn message(error: &wasmtime::Error) -> String {
    let causes = error.chain().filter_map(|error| match error.is::<ThrownException>() {
        true => Some("uncaught exception".to_owned()),
        false => cause(&error, LONGEST_CAUSE),
    });
    let mut parts: Vec<String> = causes.collect();
    parts.extend(advice(error).map(str::to_owned));
    if parts.iter().any(|part| is_out_of_handles(part)) {
        parts.push(
            "threads, resources and other handles count against the limits on memory and threads: raise `--max-memory` or `--max-threads`, \
             or those of `Config` or `InstanceLimits`"
                .to_owned(),
        );
    }
    parts.join(": ")
}

/// What the user can do about the error.
fn advice(error: &wasmtime::Error) -> Option<&'static str> {
    let no_memory = |error: &Errno| *error == Errno::NOMEM;
    let no_mapping = |error: &NoStack| match error {
        NoStack::Mappings(_) | NoStack::System(_) => true,
        NoStack::Limit => false,
    };
    if error.downcast_ref::<Errno>().is_some_and(no_memory) || error.downcast_ref::<NoStack>().is_some_and(no_mapping) {
        return Some(
            "the system refuses the process more memory mappings (vm.max_map_count) or address space, and each thread \
             needs some: lower `--max-threads` or `Config::max_threads`",
        );
    }
    if error.is::<GcHeapOutOfMemory<()>>() {
        return Some("if the program needs more memory, raise `--max-memory` or `Config::max_memory`");
    }
    match error.downcast_ref() {
        Some(wasmtime::Trap::StackOverflow) => {
            Some("if the thread needs more stack, raise `--max-wasm-stack` or `Config::max_wasm_stack`")
        }
        _ => None,
    }
}

impl Frame {
    fn new(frame: &FrameInfo) -> Self {
        Frame {
            function: match frame.func_name() {
                Some(name) => demangle(name),
                None => format!("function {}", frame.func_index()),
            },
            offset: frame.module_offset(),
            locations: frame.symbols().iter().filter_map(SourceLocation::of_engine).collect(),
        }
    }

    /// Where it is in the source, in a program on Wasmtime's component runtime whose engine keeps debugging information.
    #[doc(hidden)]
    pub fn engine_locations(&self) -> &[SourceLocation] {
        &self.locations
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.function)?;
        match self.offset {
            Some(offset) => write!(f, " (offset {offset:#x})"),
            None => Ok(()),
        }
    }
}
