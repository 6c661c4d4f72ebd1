//! A compiled component.
//!
//! The result of compiling can be kept: [`Component::serialize`] returns it as bytes ([`precompiled`]), and
//! [`Component::new`] keeps the plan and the machine code in the engine's cache, if the engine has one.

use super::compilation;
use super::guard::guarded;
use super::handle::Engine;
use super::precompiled;
use super::sources::Sources;
use crate::error::{Error, Frame, PrecompiledError, SourceLocation};
use crate::log;
use std::hash::Hash;
use std::sync::Arc;
use tracing::{info, info_span};
use weft_cache::{Cache, Entry, Key, KeyHasher};
use weft_lower::Plan;
use weft_lower::plan::{Definition, Export, ThreadEffect};

/// A component that has been lowered and compiled. It can be instantiated many times. Clones share the code.
#[derive(Clone)]
pub struct Component {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    /// The plan without the run-time module.
    plan: Plan,
    /// For each export, why it cannot be called, if so.
    obstacles: Vec<Option<String>>,
    /// The run-time module.
    module: wasmtime::Module,
    /// Present if debugging information was kept.
    sources: Option<Sources>,
    controls_threads: bool,
    /// For each export, whether calls of it overlap.
    overlaps: Vec<bool>,
}

impl Component {
    /// Lowers and compiles a component, text or binary. If the component is in the engine's [cache](crate::Config::cache), the engine does
    /// not lower and compile it again.
    ///
    /// # Errors
    ///
    /// The component is malformed or invalid, or uses something that weft does not support.
    pub fn new(engine: &Engine, bytes: &[u8]) -> Result<Self, Error> {
        let Some(cache) = engine.cache() else {
            return Component::of_plan(engine, weft_lower::Component::read(bytes)?.lower_for_linker()?);
        };
        let key = key(engine, bytes);
        if let Some(found) = Component::cached(engine, cache, &key) {
            return Ok(found);
        }
        let component = Component::of_plan(engine, weft_lower::Component::read(bytes)?.lower_for_linker()?)?;
        let (plan, code) = component.parts()?;
        if let Err(error) = cache.put(&key, &[&plan, &code]) {
            // If storing fails, the code is compiled again next time.
            info!(target: log::COMPILE, %error, "cannot store the component in the cache");
        }
        Ok(component)
    }

    /// Compiles a lowered component without using the cache.
    ///
    /// # Errors
    ///
    /// The engine refuses the run-time module.
    pub fn of_plan(engine: &Engine, mut plan: Plan) -> Result<Self, Error> {
        let wasm = std::mem::take(&mut plan.wasm);
        let _span = info_span!(target: log::COMPILE, "compile", bytes = wasm.len()).entered();
        let sources = Sources::of(&wasm);
        let compile = || wasmtime::Module::new(engine.wasmtime(), wasm);
        let module = compilation::run(|| guarded("cannot compile the run-time module", compile))?;
        Ok(Component::assemble(engine, plan, module, sources))
    }

    fn cached(engine: &Engine, cache: &Cache, key: &Key) -> Option<Self> {
        let entry: Entry = cache.get(key)?;
        #[expect(unsafe_code, reason = "code that was compiled before is given to the engine")]
        // SAFETY: only `Component::new` writes entries with such keys, and they contain a plan and code. The cache has
        // checked that only this user can write the entry, and that its bytes are those that were written.
        let component = unsafe { Component::load(engine, entry.payload()) };
        // If another build or another processor wrote the entry and it cannot be used, the component is compiled again.
        component
            .inspect_err(|error| info!(target: log::COMPILE, %error, "ignores the cached component"))
            .ok()
    }

    fn assemble(engine: &Engine, plan: Plan, module: wasmtime::Module, sources: Option<Sources>) -> Self {
        let obstacles = plan.exports.iter().map(|export| export.obstacle(&plan.types));
        let controls_threads = |definition: &Definition| match definition {
            Definition::Builtin(builtin) => match builtin.thread_effect() {
                ThreadEffect::Start(..) | ThreadEffect::Switch => true,
                ThreadEffect::None => false,
            },
            Definition::Memory(_) | Definition::Import(..) | Definition::Lowered(_) => false,
        };
        Component {
            inner: Arc::new(Inner {
                controls_threads: plan.arguments.iter().any(controls_threads),
                overlaps: plan.exports.iter().map(|export| overlaps(engine, export)).collect(),
                engine: engine.clone(),
                obstacles: obstacles.collect(),
                plan,
                module,
                sources,
            }),
        }
    }

    /// The source locations of each frame of a [backtrace](crate::Trap::backtrace). If functions were inlined, a frame has several
    /// locations, the innermost first. If the debugging information does not contain the location, it has none.
    ///
    /// Locations are known if the component comes from modules that were adapted with `weft_adapt::Options::debug_info`.
    pub fn source_locations(&self, backtrace: &[Frame]) -> Vec<Vec<SourceLocation>> {
        match &self.inner.sources {
            Some(sources) => sources.locations(backtrace),
            None => vec![Vec::new(); backtrace.len()],
        }
    }

    /// The component as bytes, for [`Component::deserialize`]. They begin with a description of the engines that can load them: the
    /// versions of weft and Wasmtime, the target, how threads are interrupted, and the profile.
    ///
    /// # Errors
    ///
    /// There is not enough memory.
    pub fn serialize(&self) -> Result<Vec<u8>, Error> {
        let (plan, code) = self.parts()?;
        Ok(precompiled::seal_component(&self.inner.engine, &plan, &code))
    }

    /// The plan with the debugging information, and the machine code.
    fn parts(&self) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let code = self.inner.module.serialize();
        let code = code.map_err(|error| Error::engine("cannot serialize the component", &error))?;
        Ok((plan_bytes(&self.inner.plan, self.inner.sources.as_ref())?, code))
    }

    /// Loads a component from the bytes that [`Component::serialize`] or [`Engine::precompile_component`] returned.
    ///
    /// # Errors
    ///
    /// [`Error::Precompiled`]: the bytes are damaged or are not a compiled component; or they were compiled by another version of weft or
    /// Wasmtime, for another target, or with a [`Config`](crate::Config) that leads to different code.
    ///
    /// # Safety
    ///
    /// The bytes contain machine code, and weft does not check what it does. They must be bytes that `serialize` or `precompile_component`
    /// returned, in this or any other version of weft. weft detects other bytes and accidental damage. But if somebody makes bytes to
    /// deceive it, they can do anything that this process can.
    #[expect(unsafe_code, reason = "see the function's contract")]
    pub unsafe fn deserialize(engine: &Engine, bytes: &[u8]) -> Result<Self, Error> {
        let payload = precompiled::open_component(engine, bytes)?;
        // SAFETY: the caller guarantees that weft compiled the bytes.
        Ok(unsafe { Component::load(engine, payload) }?)
    }

    /// Makes a component from the plan and the machine code that follows it.
    ///
    /// # Safety
    ///
    /// weft must have compiled the bytes.
    #[expect(unsafe_code, reason = "see the function's contract")]
    unsafe fn load(engine: &Engine, payload: &[u8]) -> Result<Self, PrecompiledError> {
        let kept = postcard::take_from_bytes::<(Plan, Option<Sources>)>(payload);
        let ((plan, sources), code) = kept.map_err(|_| PrecompiledError::Plan)?;
        // SAFETY: the caller guarantees that weft compiled the bytes, and those after the plan come from Wasmtime.
        let module = unsafe { wasmtime::Module::deserialize(engine.wasmtime(), code) };
        let module = module.map_err(|error| PrecompiledError::Code(format!("{error:#}")))?;
        // A plan of another build could by chance parse as one of this build but mean other imports.
        let imports = module.imports().len();
        match plan.arguments.len() == imports {
            true => Ok(Component::assemble(engine, plan, module, sources)),
            false => Err(PrecompiledError::Plan),
        }
    }

    /// The paths of the functions that the component exports: the names of the instances that contain the function, outermost first, then
    /// its own name.
    pub fn functions(&self) -> impl Iterator<Item = &[String]> {
        self.plan().exports.iter().map(|export| export.path.as_slice())
    }

    /// The engine that compiled it.
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// Why an export cannot be called, if its type does not allow it.
    pub(crate) fn obstacle(&self, export: usize) -> Option<&str> {
        self.inner.obstacles.get(export)?.as_deref()
    }

    /// Whether the component's code can start, suspend or resume threads.
    pub(crate) fn controls_threads(&self) -> bool {
        self.inner.controls_threads
    }

    /// Whether calls of an export can overlap with each other and with calls of other such exports.
    pub(crate) fn overlaps(&self, export: usize) -> bool {
        self.inner.overlaps.get(export).is_some_and(|overlaps| *overlaps)
    }

    /// Whether some calls of exports take turns.
    pub(crate) fn has_turns(&self) -> bool {
        self.inner.overlaps.iter().any(|overlaps| !overlaps)
    }

    /// Whether both are the same component.
    pub(crate) fn is(&self, other: &Component) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// The plan, without the run-time module.
    pub fn plan(&self) -> &Plan {
        &self.inner.plan
    }

    pub(crate) fn module(&self) -> &wasmtime::Module {
        &self.inner.module
    }
}

/// Whether calls of an export can overlap: calls of shared functions can, except a command's `run`, which is the
/// program itself.
fn overlaps(engine: &Engine, export: &Export) -> bool {
    let is_run = match export.path.as_slice() {
        [interface, function] if function == "run" => weft_lower::run_interface([interface.as_str()]).is_some(),
        _ => false,
    };
    export.shared && !is_run && !engine.has_single_calls()
}

/// The key of what [`Component::new`] keeps.
fn key(engine: &Engine, component: &[u8]) -> Key {
    let mut key = KeyHasher::new("weft::Component");
    engine.wasmtime().precompile_compatibility_hash().hash(&mut key);
    key.bytes(component);
    key.finish()
}

/// A plan without its module, and the debugging information of that, as bytes.
pub(super) fn plan_bytes(plan: &Plan, sources: Option<&Sources>) -> Result<Vec<u8>, Error> {
    postcard::to_allocvec(&(plan, sources)).map_err(|error| Error::Engine {
        context: "cannot write the component's plan",
        message: error.to_string(),
    })
}
