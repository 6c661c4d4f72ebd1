//! How a store gets the pause, and the code that calls it.
//!
//! Wasmtime compiles a trampoline to host functions of a type into each module that has the type. The trampoline needs
//! an instance as the caller. So any instance works whose module defines a function of the pause's type.

use super::target::{Bodies, Callable, Target};
use super::threads::Threads;
use std::future::Future;
use std::sync::Arc;
use wasmtime::{AsContextMut, Caller, Engine, Func, Linker, Store};

/// The module and name under which the linker of a [`Pause`] holds it. They are not empty: the address of an empty
/// string is not mapped, and the C library's vector code takes hundreds of cycles to compare such strings.
const PAUSE: (&str, &str) = ("weft", "pause");

/// The function that interrupted guests call.
pub struct Pause<T: 'static> {
    pub(super) linker: Linker<T>,
    threads: Arc<Threads>,
}

impl<T: Send + 'static> Pause<T> {
    /// Makes a pause for guests of an engine that run on `threads`.
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

    /// Makes the guest of a store interruptible. `bodies` are those of the module that runs in the store. `own` is a
    /// function without parameters and results that its instance defines. `group` is any number except 0;
    /// [`interrupt`](super::Interrupter::interrupt) chooses guests by it.
    ///
    /// # Errors
    ///
    /// `own` is another function.
    pub fn target(&self, store: &mut Store<T>, bodies: &Bodies, own: Func, group: u64) -> wasmtime::Result<Target> {
        // The linker has nothing else. To look it up by its names would take longer.
        let pause = self.linker.iter(&mut *store).next();
        let pause = pause.and_then(|(_, _, definition)| definition.into_func());
        let pause = pause.ok_or_else(|| wasmtime::Error::msg("the linker lacks the pause"))?;
        let (pause, body) = (callable(pause, &mut *store), callable(own, &mut *store));
        if !bodies.is_checked(body.code) {
            own.typed::<(), ()>(&*store)?;
            bodies.checked(body.code);
        }
        let own = body;
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
    // SAFETY: `to_raw` returns the address of a function reference, which lives as long as the store.
    unsafe { Callable::read(reference) }
}
