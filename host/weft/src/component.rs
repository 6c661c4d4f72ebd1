//! A program that is compiled for the runtime that it needs.
//!
//! **Problem.** How weft runs a program depends on its kind: a component with shared threads, any other component, a
//! core module with the wasi-threads ABI, or a plain core module. **Before:** bytes, text or binary. **After:** code
//! for one of the runtimes. weft first adapts a core module. A core module always runs on the parallel runtime, which
//! keeps memories shared, as `memory.atomic.wait32` requires.
//!
//! **Rejected:** a cache in each runtime. The front door's cache finds an entry by the bytes that the embedder passed,
//! so a second start does not parse text, adapt, lower or compile.

mod code;
mod compile;
mod component_type;
mod exports;
mod kept;
mod source_names;

use crate::config::Runtime;
use crate::engine::Engine;
pub(crate) use code::Code;
pub(crate) use compile::{Imports, adapted, runtime_of};
use compile::{Unchecked, compile};
pub use exports::{ComponentExportIndex, ExportLookup};
pub(crate) use exports::{name_of, path_of};
use std::io;
use std::path::Path;
use std::sync::Arc;
use weft_adapt::Note;
use weft_parallel::{Error, Frame, PrecompiledError, SourceLocation};

/// A compiled program: a component, or a core module that weft adapted to one. It can be instantiated many times. Clones share the code.
#[derive(Clone)]
pub struct Component {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    code: Code,
    warnings: Vec<Note>,
    cache_error: Option<io::Error>,
}

impl Component {
    /// Compiles a program, text or binary: a component, or a core module, which weft adapts first. weft compiles it for the runtime that it
    /// needs, or that the [`Config`](crate::Config::runtime) names. If the program is in the engine's [cache](crate::Config::cache), weft
    /// does not compile it again.
    ///
    /// # Errors
    ///
    /// The program is malformed or invalid, uses something that weft does not support, or cannot run on the runtime that the
    /// configuration names; or the engine cannot start.
    pub fn new(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Self, Error> {
        Component::load(engine, bytes.as_ref(), &Unchecked)
    }

    /// Reads a file and compiles the program in it, as [`Component::new`] does.
    ///
    /// # Errors
    ///
    /// [`Error::File`]: the file cannot be read; or those of [`Component::new`].
    pub fn from_file(engine: &Engine, path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| Error::File {
            path: path.to_owned(),
            error: Arc::new(error),
        })?;
        Component::new(engine, bytes)
    }

    /// Loads the program from the cache, or compiles it if `imports` reports no missing imports.
    pub(crate) fn load(engine: &Engine, bytes: &[u8], imports: &impl Imports) -> Result<Self, Error> {
        let slot = kept::Slot::of(engine, bytes);
        if let Some(slot) = &slot
            && let Some((code, warnings)) = slot.get(engine)?
        {
            return Ok(Component::assemble(engine, code, warnings, None));
        }
        let (code, warnings) = compile(engine, bytes, imports)?;
        let kept = match &slot {
            Some(slot) => slot.put(!warnings.is_empty(), &code.serialize(engine)?),
            None => Ok(()),
        };
        Ok(Component::assemble(engine, code, warnings, kept.err()))
    }

    fn assemble(engine: &Engine, code: Code, warnings: Vec<Note>, cache_error: Option<io::Error>) -> Self {
        Component {
            inner: Arc::new(Inner {
                engine: engine.clone(),
                code,
                warnings,
                cache_error,
            }),
        }
    }

    /// The component as bytes, for [`Component::deserialize`]. They begin with a description of the engines that can load them: the
    /// versions of weft and Wasmtime, the target, the runtime and the profile. `weft compile` writes the same bytes to a file.
    ///
    /// # Errors
    ///
    /// There is not enough memory.
    pub fn serialize(&self) -> Result<Vec<u8>, Error> {
        self.inner.code.serialize(&self.inner.engine)
    }

    /// Loads a component from the bytes that [`Component::serialize`] returned or `weft compile` wrote, for the runtime that it was
    /// compiled for. It has no [warnings](Self::warnings).
    ///
    /// # Errors
    ///
    /// [`Error::Precompiled`]: the bytes are damaged or are not a compiled component; or they were compiled by another version of weft or
    /// Wasmtime, for another target, or with a [`Config`](crate::Config) that leads to different code. Or the engine cannot start.
    ///
    /// # Safety
    ///
    /// The bytes contain machine code, and weft does not check what it does. They must be bytes that `serialize` returned, in this or
    /// any other version of weft.
    #[expect(unsafe_code, reason = "see the function's contract")]
    pub unsafe fn deserialize(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Self, Error> {
        // SAFETY: the caller guarantees that `serialize` returned the bytes.
        let code = unsafe { Code::load(engine, bytes.as_ref()) }?;
        Ok(Component::assemble(engine, code, Vec::new(), None))
    }

    /// Reads a file and loads a component from it, as [`Component::deserialize`] does.
    ///
    /// # Errors
    ///
    /// The file cannot be read; or those of [`Component::deserialize`].
    ///
    /// # Safety
    ///
    /// See [`Component::deserialize`].
    #[expect(unsafe_code, reason = "see the function's contract")]
    pub unsafe fn deserialize_file(engine: &Engine, path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| PrecompiledError::File {
            path: path.to_owned(),
            error: Arc::new(error),
        })?;
        // SAFETY: the caller guarantees the same for the file.
        unsafe { Component::deserialize(engine, bytes) }
    }

    /// The runtime that runs it.
    pub fn runtime(&self) -> Runtime {
        match &self.inner.code {
            Code::Parallel(_) => Runtime::Parallel,
            Code::Cooperative(_) => Runtime::Cooperative,
        }
    }

    /// The paths of the functions that the component exports: the names of the instances that contain the function, outermost first, then
    /// its own name.
    pub fn functions(&self) -> Vec<&[String]> {
        match &self.inner.code {
            Code::Parallel(component) => component.functions().collect(),
            Code::Cooperative(component) => component.functions().collect(),
        }
    }

    /// Likely mistakes in the core module that weft adapted. [`weft_adapt::notes`] returns more notes about a module.
    pub fn warnings(&self) -> &[Note] {
        &self.inner.warnings
    }

    /// Why weft could not write the compiled program to the [cache](crate::Config::cache), if it tried. The component runs all the same.
    pub fn cache_error(&self) -> Option<&io::Error> {
        self.inner.cache_error.as_ref()
    }

    /// The source locations of each frame of a [backtrace](crate::Trap::backtrace). If functions were inlined, a frame has several
    /// locations, the innermost first. If the location is not known, it has none.
    ///
    /// Locations are known if [`Config::debug_info`](crate::Config::debug_info) is set in the engine, and was in the engine that compiled the
    /// component.
    pub fn source_locations(&self, backtrace: &[Frame]) -> Vec<Vec<SourceLocation>> {
        match &self.inner.code {
            _ if !self.inner.engine.config().debug_info => vec![Vec::new(); backtrace.len()],
            Code::Parallel(component) => component.source_locations(backtrace),
            Code::Cooperative(_) => {
                let locations = backtrace.iter().map(|frame| frame.engine_locations().to_vec());
                locations.collect()
            }
        }
    }

    /// The engine that compiled it.
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn code(&self) -> &Code {
        &self.inner.code
    }
}

impl Engine {
    /// Compiles a program as [`Component::new`] does, and returns the bytes that
    /// [`Component::serialize`] would return.
    ///
    /// # Errors
    ///
    /// Those of [`Component::new`].
    pub fn precompile_component(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        Component::new(self, bytes)?.serialize()
    }
}
