//! A program that is compiled, for the runtime that it needs.
//!
//! **Problem.** What a program is decides how it is run: a component with shared threads, any other component, a core module of the
//! wasi-threads ABI or a plain one. **Before:** bytes, text or binary. **After:** code for one of the runtimes. A core module is
//! adapted first, and always runs on the parallel runtime, which keeps memories shared, as `memory.atomic.wait32` needs them.
//!
//! **Rejected:** a cache in each runtime. An entry of this one is found by the bytes as they were given, so a second start neither
//! adapts nor lowers nor compiles, and does not parse the text format.

mod kept;
mod source_names;

use crate::config::Runtime;
use crate::cooperative::component::Cooperative;
use crate::engine::Engine;
use crate::linker::Linker;
use source_names::SourceNames;
use std::io;
use std::path::Path;
use std::sync::Arc;
use weft_adapt::Note;
use weft_cooperative::can_run;
use weft_lower::{Input, LowerError, Profile};
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

/// What the runtimes make of a component.
pub(crate) enum Code {
    Parallel(weft_parallel::Component),
    Cooperative(Cooperative),
}

/// Says which imports of a program are missing, before it is compiled.
pub(crate) trait Imports {
    /// For a component that runs on the parallel runtime.
    fn missing_in_parallel(&self, plan: &weft_lower::Plan) -> Result<Vec<String>, Error>;

    /// For one that runs on the cooperative runtime.
    fn missing_in_cooperative(&self, component: &weft_lower::Unshared<'_>) -> Result<Vec<String>, Error>;
}

/// Nobody asks.
struct Unchecked;

impl Imports for Unchecked {
    fn missing_in_parallel(&self, _: &weft_lower::Plan) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    fn missing_in_cooperative(&self, _: &weft_lower::Unshared<'_>) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }
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
    pub fn new(engine: &Engine, bytes: &[u8]) -> Result<Self, Error> {
        Component::load(engine, bytes, &Unchecked)
    }

    /// Compiles a program as [`Component::new`] does, but first checks that a linker has all its imports. So a program that lacks imports
    /// fails before weft spends time to compile it. weft does not check a program that it finds in the cache.
    ///
    /// # Errors
    ///
    /// Those of [`Component::new`]; or the linker lacks imports ([`Error::MissingImports`]). For a core module, the error has their names
    /// in the module.
    pub fn new_for<T: Send + Sync + 'static>(linker: &Linker<T>, bytes: &[u8]) -> Result<Self, Error> {
        Component::load(linker.engine(), bytes, linker)
    }

    fn load(engine: &Engine, bytes: &[u8], imports: &impl Imports) -> Result<Self, Error> {
        let slot = kept::Slot::of(engine, bytes);
        if let Some(slot) = &slot
            && let Some(found) = slot.get(engine)?
        {
            return Ok(found);
        }
        let (code, warnings) = compile(engine, bytes, imports)?;
        let kept = match &slot {
            Some(slot) => slot.put(!warnings.is_empty(), &serialize(engine, &code)?),
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
        serialize(&self.inner.engine, &self.inner.code)
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
    pub unsafe fn deserialize(engine: &Engine, bytes: &[u8]) -> Result<Self, Error> {
        // SAFETY: the caller says that `serialize` gave the bytes.
        let code = unsafe { load(engine, bytes) }?;
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
        // SAFETY: the caller says the same of the file.
        unsafe { Component::deserialize(engine, &bytes) }
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
    /// Locations are known for core modules if the engine has [`Config::debug_info`](crate::Config::debug_info).
    pub fn source_locations(&self, backtrace: &[Frame]) -> Vec<Vec<SourceLocation>> {
        match &self.inner.code {
            Code::Parallel(component) => component.source_locations(backtrace),
            Code::Cooperative(_) => vec![Vec::new(); backtrace.len()],
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

/// Compiles a program, and says what is most likely a mistake in it.
fn compile(engine: &Engine, bytes: &[u8], imports: &impl Imports) -> Result<(Code, Vec<Note>), Error> {
    match Input::read(bytes)? {
        Input::Component(component) => Ok((compile_component(engine, &component, imports)?, Vec::new())),
        Input::Module(_) if engine.runtime() == Some(Runtime::Cooperative) => {
            Err(Error::from(LowerError::Unsupported {
                item: "a core module on the cooperative runtime".to_owned(),
                offset: None,
                rule: None,
                advice: "let weft choose the runtime, or convert the module with `weft adapt`".to_owned(),
            }))
        }
        Input::Module(module) => {
            let options = weft_adapt::Options::new().debug_info(engine.config().debug_info);
            let adapted = weft_adapt::adapt_with(module.bytes(), &options);
            let adapted = adapted.map_err(|error| Error::Adapt(Arc::new(error)))?;
            let names = SourceNames::of(module.bytes());
            let component = weft_lower::Component::read(&adapted)?;
            let code = compile_parallel(engine, &component, &names, imports)?;
            let warnings = match weft_adapt::spawns_fail(module.bytes()) {
                true => vec![Note::SpawnsFail],
                false => Vec::new(),
            };
            Ok((code, warnings))
        }
    }
}

/// Compiles a component for the runtime that it needs.
fn compile_component(
    engine: &Engine,
    component: &weft_lower::Component<'_>,
    imports: &impl Imports,
) -> Result<Code, Error> {
    let runtime = match engine.runtime() {
        Some(runtime) => runtime,
        None if can_run(component)? => Runtime::Cooperative,
        None => Runtime::Parallel,
    };
    match runtime {
        Runtime::Parallel => compile_parallel(engine, component, &SourceNames::default(), imports),
        Runtime::Cooperative => {
            let profile = match engine.config().deterministic {
                false => Profile::Full,
                true => Profile::Deterministic,
            };
            let unshared = component.unshare(profile)?;
            refuse(imports.missing_in_cooperative(&unshared)?)?;
            let compiled = weft_cooperative::compile_unshared(&engine.cooperative()?, &unshared)?;
            Ok(Code::Cooperative(Cooperative::new(compiled)))
        }
    }
}

fn compile_parallel(
    engine: &Engine,
    component: &weft_lower::Component<'_>,
    names: &SourceNames,
    imports: &impl Imports,
) -> Result<Code, Error> {
    // Compiling takes longest, so what does not depend on it comes first.
    let plan = component.lower()?;
    let missing = imports.missing_in_parallel(&plan)?;
    refuse(missing.iter().map(|import| names.source(import)).collect())?;
    let compiled = weft_parallel::Component::of_plan(&engine.parallel()?, plan)?;
    Ok(Code::Parallel(compiled))
}

fn refuse(missing: Vec<String>) -> Result<(), Error> {
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Error::MissingImports(missing)),
    }
}

fn serialize(engine: &Engine, code: &Code) -> Result<Vec<u8>, Error> {
    match code {
        Code::Parallel(component) => component.serialize(),
        Code::Cooperative(component) => {
            weft_cooperative::serialize(&component.component, engine.config().deterministic)
        }
    }
}

/// Reads what [`serialize`] gave.
///
/// # Safety
///
/// The bytes are those that it gave.
#[expect(unsafe_code, reason = "see the function's contract")]
unsafe fn load(engine: &Engine, bytes: &[u8]) -> Result<Code, Error> {
    match Engine::detect_precompiled(bytes) {
        // The parallel runtime says what is wrong with bytes that are no program.
        Some(Runtime::Parallel) | None => {
            let engine = engine.start_parallel(false)?;
            // SAFETY: the caller says so.
            let component = unsafe { weft_parallel::Component::deserialize(&engine, bytes) }?;
            Ok(Code::Parallel(component))
        }
        Some(Runtime::Cooperative) => {
            let (deterministic, engine) = (engine.config().deterministic, engine.cooperative()?);
            // SAFETY: the caller says so.
            let component = unsafe { weft_cooperative::deserialize(&engine, deterministic, bytes) }?;
            Ok(Code::Cooperative(Cooperative::new(component)))
        }
    }
}
