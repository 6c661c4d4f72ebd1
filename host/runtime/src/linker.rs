//! What a component may import from its host.

use crate::thread::{Caller, Thread};
use std::future::Future;
use wasmtime::{IntoFunc, WasmRet, WasmTyList};

/// Host definitions for the core modules that components import, shared by all programs that are instantiated with it.
pub struct Linker<T: 'static> {
    inner: wasmtime::Linker<Thread<T>>,
}

/// A core module that the host implements: see [`Linker::module`].
pub struct HostModule<'a, T: 'static> {
    linker: &'a mut wasmtime::Linker<Thread<T>>,
    name: String,
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// A linker without definitions.
    pub fn new(engine: &wasmtime::Engine) -> Self {
        Linker {
            inner: wasmtime::Linker::new(engine),
        }
    }

    /// The host module that satisfies the component's core module import `name`. Definitions are added to it.
    pub fn module(&mut self, name: &str) -> HostModule<'_, T> {
        HostModule {
            linker: &mut self.inner,
            name: name.to_owned(),
        }
    }
}

impl<T: Send + Sync + 'static> HostModule<'_, T> {
    /// Defines the export `name` as a host function that returns without suspending the guest thread.
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_wrap<Params, Results>(
        &mut self,
        name: &str,
        func: impl IntoFunc<Thread<T>, Params, Results>,
    ) -> wasmtime::Result<&mut Self> {
        self.linker.func_wrap(&self.name, name, func)?;
        Ok(self)
    }

    /// Defines the export `name` as a host function that may suspend the guest thread.
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_wrap_async<F, Params, Results>(&mut self, name: &str, func: F) -> wasmtime::Result<&mut Self>
    where
        F: for<'a> Fn(Caller<'a, T>, Params) -> Box<dyn Future<Output = Results> + Send + 'a> + Send + Sync + 'static,
        Params: WasmTyList + 'static,
        Results: WasmRet,
    {
        self.linker.func_wrap_async(&self.name, name, func)?;
        Ok(self)
    }
}
