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
    /// The run-time module.
    module: wasmtime::Module,
}

impl Component {
    /// Lowers and compiles a component, text or binary.
    ///
    /// # Errors
    ///
    /// The component is malformed or invalid, or uses what weft does not have.
    pub fn new(engine: &Engine, bytes: &[u8]) -> Result<Self, Error> {
        Component::of_plan(engine, weft_lower::lower(bytes)?)
    }

    /// Compiles a component that has been lowered.
    ///
    /// # Errors
    ///
    /// The engine refuses the run-time module.
    pub fn of_plan(engine: &Engine, plan: Plan) -> Result<Self, Error> {
        let module = wasmtime::Module::new(engine.wasmtime(), &plan.wasm)
            .map_err(|error| Error::engine("cannot compile the run-time module", &error))?;
        Ok(Component {
            inner: Arc::new(Inner {
                engine: engine.clone(),
                plan,
                module,
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

    pub(crate) fn module(&self) -> &wasmtime::Module {
        &self.inner.module
    }
}
