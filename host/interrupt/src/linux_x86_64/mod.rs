//! Linux on x86-64. The parts, from the outside in:
//!
//! - [`threads`]: which OS threads run guests, and how to send them the signal;
//! - [`handler`]: what the signal does to the thread;
//! - [`routine`]: what the thread does next;
//! - [`target`]: what both need to know about the store whose guest runs;
//! - [`pause`]: how the pause gets into a store;
//! - [`self_test`]: whether all this works.
#![expect(
    unsafe_code,
    reason = "guest code is interrupted by a signal handler, which changes the registers and the stack of its thread"
)]

mod handler;
mod pause;
mod routine;
mod self_test;
mod target;
#[cfg(test)]
mod tests;
mod threads;

pub use pause::Pause;
pub use target::{Bodies, Interruptible, Target};

use crate::Unsupported;
use std::future::Future;
use std::sync::Arc;
use threads::Threads;
use wasmtime::{Caller, Engine, Module};

/// Interrupts the guests of one engine.
#[derive(Clone)]
pub struct Interrupter {
    engine: Engine,
    threads: Arc<Threads>,
}

impl Interrupter {
    /// Prepares to interrupt the guests of an engine by a signal, and installs the signal's handler in the process.
    ///
    /// The engine needs no epochs. `compile` makes the module for the self-test, which runs once per process and
    /// signal: it compiles the bytes with the engine, or returns what an engine like this one compiled them to earlier.
    ///
    /// # Errors
    ///
    /// Interruption does not work on this system, with this signal, or with this version of Wasmtime.
    pub fn new(
        engine: &Engine,
        signal: i32,
        compile: impl FnOnce(&[u8]) -> wasmtime::Result<Module>,
    ) -> Result<Self, Unsupported> {
        routine::check_registers()?;
        handler::install(signal)?;
        let threads = Arc::new(Threads::new(signal));
        self_test::run(engine, &threads, compile)?;
        Ok(Interrupter {
            engine: engine.clone(),
            threads,
        })
    }

    /// Creates the pause: the function that interrupted guests with this state call.
    ///
    /// `pause` may suspend the guest for any time. It must not allocate in the store or collect its garbage.
    ///
    /// # Errors
    ///
    /// There is not enough memory.
    pub fn pause<T, F>(&self, pause: F) -> wasmtime::Result<Pause<T>>
    where
        T: Send + 'static,
        F: for<'a> Fn(Caller<'a, T>) -> Box<dyn Future<Output = wasmtime::Result<()>> + Send + 'a>
            + Send
            + Sync
            + 'static,
    {
        Pause::new(&self.engine, &self.threads, pause)
    }

    #[cfg(test)]
    fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Interrupts the guests that run now and for whose [group](Pause::target) `is_wanted` returns true.
    pub fn interrupt(&self, is_wanted: impl FnMut(u64) -> bool) {
        self.threads.interrupt(is_wanted);
    }
}

impl Bodies {
    /// The bodies of a module, whether it was compiled or deserialized.
    pub fn of(_: &Interrupter, module: &Module) -> Self {
        Bodies::of_module(module)
    }
}
