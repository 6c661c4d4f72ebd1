//! The module by which a store gets the pause, and code that calls it.
//!
//! ```wat
//! (module
//!   (import "" "" (func $pause))
//!   (func $own (call $pause))
//!   (export "p" (func $pause))
//!   (export "o" (func $own)))
//! ```
//!
//! Compiling it makes the trampoline for calls of the pause. Its instance is the caller that the routine names. Only the self-test
//! calls `$own`.

use super::target::{Bodies, Callable, Target};
use super::threads::Threads;
use std::ops::Range;
use std::sync::Arc;
use wasmtime::{AsContextMut, Engine, Func, Instance, InstancePre, Module, Store};

const PAUSE: &str = "p";
pub(super) const OWN: &str = "o";

const SUPPORT: &[u8] = b"\0asm\x01\0\0\0\
    \x01\x04\x01\x60\0\0\
    \x02\x05\x01\0\0\0\0\
    \x03\x02\x01\0\
    \x07\x09\x02\x01p\0\0\x01o\0\x01\
    \x0a\x06\x01\x04\0\x10\0\x0b";

pub(super) fn compile(engine: &Engine) -> wasmtime::Result<Module> {
    Module::new(engine, SUPPORT)
}

/// The addresses of a module's machine code.
pub(super) fn text(module: &Module) -> Range<usize> {
    module.text().as_ptr_range().start.addr()..module.text().as_ptr_range().end.addr()
}

/// What guests call where they are interrupted.
pub struct Pause<T: 'static> {
    instance: InstancePre<T>,
    support: Range<usize>,
    threads: Arc<Threads>,
}

impl<T: Send + 'static> Pause<T> {
    pub(super) fn new(instance: InstancePre<T>, support: &Module, threads: &Arc<Threads>) -> Self {
        Pause {
            instance,
            support: text(support),
            threads: Arc::clone(threads),
        }
    }

    /// Makes the guest of a store interruptible. `bodies` are of the module that runs in the store. The group is any number but 0 by
    /// which [`interrupt`](super::Interrupter::interrupt) chooses.
    ///
    /// # Errors
    ///
    /// The store's limiter refuses one more instance.
    pub async fn target(&self, store: &mut Store<T>, bodies: &Bodies, group: u64) -> wasmtime::Result<Target> {
        Ok(self.target_and_instance(store, bodies, group).await?.0)
    }

    /// Also gives the instance of the support module.
    pub(super) async fn target_and_instance(
        &self,
        store: &mut Store<T>,
        bodies: &Bodies,
        group: u64,
    ) -> wasmtime::Result<(Target, Instance)> {
        let instance = self.instance.instantiate_async(&mut *store).await?;
        let pause = callable(&instance, &mut *store, PAUSE)?;
        let own = callable(&instance, &mut *store, OWN)?;
        let target = Target::new(pause, own, bodies, self.support.clone(), group, &self.threads);
        Ok((target, instance))
    }
}

/// An exported function as compiled code sees it.
pub(super) fn callable(instance: &Instance, mut store: impl AsContextMut, name: &str) -> wasmtime::Result<Callable> {
    let function: Option<Func> = instance.get_func(&mut store, name);
    let function = function.ok_or_else(|| wasmtime::Error::msg("the support module lacks an export"))?;
    let reference = function.to_raw(&mut store).cast::<u8>().cast_const();
    // SAFETY: `to_raw` gives the address of a function reference, which lives as long as the store.
    Ok(unsafe { Callable::read(reference) })
}
