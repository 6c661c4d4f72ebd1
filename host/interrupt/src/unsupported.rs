//! Other processors and systems. No [`Interrupter`] can be created, and so no other value of this crate.

use crate::Unsupported;
use std::convert::Infallible;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use wasmtime::{Caller, Engine, Func, Module, Store};

/// See the other platform.
#[derive(Debug, Clone)]
pub struct Interrupter(Infallible);

/// See the other platform.
#[derive(Debug, Clone)]
pub struct Bodies(Infallible);

/// See the other platform.
pub struct Pause<T: 'static>(Infallible, PhantomData<fn(T)>);

/// See the other platform.
#[derive(Debug)]
pub struct Target(Infallible);

/// See the other platform.
pub struct Interruptible<'a, F>(Infallible, PhantomData<(&'a (), F)>);

impl Interrupter {
    /// Always an error.
    ///
    /// # Errors
    ///
    /// The platform is not supported.
    pub fn new(
        _engine: &Engine,
        _signal: i32,
        _compile: impl FnOnce(&[u8]) -> wasmtime::Result<Module>,
    ) -> Result<Self, Unsupported> {
        Err(Unsupported::Platform)
    }

    /// Never called.
    pub fn pause<T, F>(&self, _pause: F) -> wasmtime::Result<Pause<T>>
    where
        T: Send + 'static,
        F: for<'a> Fn(Caller<'a, T>) -> Box<dyn Future<Output = wasmtime::Result<()>> + Send + 'a>
            + Send
            + Sync
            + 'static,
    {
        match self.0 {}
    }

    /// Never called.
    pub fn interrupt(&self, _is_wanted: impl FnMut(u64) -> bool) {
        match self.0 {}
    }
}

impl Bodies {
    /// Never called.
    pub fn of(interrupter: &Interrupter, _module: &Module) -> Self {
        match interrupter.0 {}
    }
}

impl<T: Send + 'static> Pause<T> {
    /// Never called.
    pub fn target(&self, _store: &mut Store<T>, _bodies: &Bodies, _own: Func, _group: u64) -> wasmtime::Result<Target> {
        match self.0 {}
    }
}

impl Target {
    /// Never called.
    pub fn interruptible<F: Future>(&self, _call: F) -> Interruptible<'_, F> {
        match self.0 {}
    }
}

impl<F: Future> Future for Interruptible<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<F::Output> {
        match self.0 {}
    }
}
