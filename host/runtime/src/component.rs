//! A component, compiled.

use crate::{Engine, Error};
use std::sync::Arc;
use weft_lower::Plan;

/// A component that has been lowered and compiled. It can be instantiated many times; clones share the code.
#[derive(Clone)]
pub struct Component {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    plan: Plan,
    /// By the plan's module index.
    modules: Vec<wasmtime::Module>,
}

impl Component {
    /// Lowers and compiles a component, text or binary.
    ///
    /// # Errors
    ///
    /// The component is malformed or invalid, or uses what weft does not have.
    pub fn new(engine: &Engine, bytes: &[u8]) -> Result<Self, Error> {
        let plan = weft_lower::lower(bytes)?;
        let compile = |module: &weft_lower::plan::Module| {
            wasmtime::Module::new(engine.wasmtime(), &module.wasm)
                .map_err(|error| Error::engine("cannot compile a core module", &error))
        };
        let modules = plan.modules.iter().map(compile).collect::<Result<_, _>>()?;
        Ok(Component {
            inner: Arc::new(Inner {
                engine: engine.clone(),
                plan,
                modules,
            }),
        })
    }

    /// The engine that it was compiled by.
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.inner.plan
    }

    pub(crate) fn modules(&self) -> &[wasmtime::Module] {
        &self.inner.modules
    }
}
