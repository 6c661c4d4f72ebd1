//! How a store gets the pause, and code that calls it.
//!
//! Wasmtime compiles code that calls host functions of a type into each module that has the type, and names an instance as the
//! caller. So any instance serves whose module defines a function of the pause's type.

use super::target::{Bodies, Callable, Target};
use super::threads::Threads;
use std::future::Future;
use std::sync::Arc;
use wasmtime::{AsContextMut, Caller, Engine, Func, Linker, Store};

/// The module and name under which the linker of a [`Pause`] has it. They are not empty: to compare empty strings, whose addresses are not
/// mapped, takes the C library's vectors hundreds of cycles.
const PAUSE: (&str, &str) = ("weft", "pause");

/// What guests call where they are interrupted.
pub struct Pause<T: 'static> {
    pub(super) linker: Linker<T>,
    threads: Arc<Threads>,
}

impl<T: Send + 'static> Pause<T> {
    /// A pause for guests of an engine, which `threads` interrupt.
    pub(super) fn new<F>(engine: &Engine, threads: &Arc<Threads>, pause: F) -> wasmtime::Result<Self>
    where
        F: for<'a> Fn(Caller<'a, T>) -> Box<dyn Future<Output = wasmtime::Result<()>> + Send + 'a>
            + Send
            + Sync
            + 'static,
    {
        let mut linker = Linker::new(engine);
        let (module, name) = PAUSE;
        linker.func_wrap_async(module, name, move |caller, (): ()| pause(caller))?;
        Ok(Pause {
            linker,
            threads: Arc::clone(threads),
        })
    }

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
