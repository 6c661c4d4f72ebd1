//! How a store gets the pause, and code that calls it.
//!
//! Wasmtime compiles code that calls host functions of a type into each module that has the type, and names an instance as the
//! caller. So any instance serves whose module defines a function of the pause's type.

use super::target::{Bodies, Callable, Target};
use super::threads::Threads;
use std::ops::Range;
use std::sync::Arc;
use wasmtime::{AsContextMut, Func, Linker, Module, Store};

/// The module and name under which the linker of a [`Pause`] has it.
pub(super) const PAUSE: (&str, &str) = ("", "");

/// The addresses of a module's machine code.
pub(super) fn text(module: &Module) -> Range<usize> {
    module.text().as_ptr_range().start.addr()..module.text().as_ptr_range().end.addr()
}

/// What guests call where they are interrupted.
pub struct Pause<T: 'static> {
    pub(super) linker: Linker<T>,
    pub(super) threads: Arc<Threads>,
}

impl<T: Send + 'static> Pause<T> {
    /// Makes the guest of a store interruptible. `bodies` are of the module that runs in the store, and `own` is a function without
    /// parameters and results that its instance defines. The group is any number but 0 by which
    /// [`interrupt`](super::Interrupter::interrupt) chooses.
    ///
    /// # Errors
    ///
    /// `own` is another function.
    pub fn target(&self, store: &mut Store<T>, bodies: &Bodies, own: Func, group: u64) -> wasmtime::Result<Target> {
        own.typed::<(), ()>(&*store)?;
        let (module, name) = PAUSE;
        let pause = self.linker.get(&mut *store, module, name)?.into_func();
        let pause = pause.ok_or_else(|| wasmtime::Error::msg("the linker lacks the pause"))?;
        let (pause, own) = (callable(pause, &mut *store), callable(own, store));
        if !bodies.text().contains(&pause.code) || !bodies.contain(own.code) {
            return Err(wasmtime::Error::msg(
                "the function is not one that the guest's module defines",
            ));
        }
        Ok(Target::new(pause, own, bodies, group, &self.threads))
    }
}

/// A function as compiled code sees it.
pub(super) fn callable(function: Func, store: impl AsContextMut) -> Callable {
    let reference = function.to_raw(store).cast::<u8>().cast_const();
    // SAFETY: `to_raw` gives the address of a function reference, which lives as long as the store.
    unsafe { Callable::read(reference) }
}
