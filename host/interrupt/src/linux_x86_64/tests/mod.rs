//! Tests that interrupt kernels: at each instruction, by ticks, and to end them. They compare each outcome with the
//! outcome without interruption.

mod nesting;
mod process;
mod refusals;
mod stepping;
mod ticking;

use super::{Bodies, Interrupter, Pause, Target};
use crate::DEFAULT_SIGNAL;
use futures_lite::future::block_on;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use wasmtime::{Caller, Config, Engine, Inlining, Instance, Linker, Module, SharedMemory, Store};

/// What a store holds.
#[derive(Default)]
struct State {
    target: Option<Arc<Target>>,
    pauses: u64,
}

/// The outcome of a kernel: its result or error, the contents of the memory, and how often it paused.
#[derive(Debug, Clone, PartialEq)]
struct Outcome {
    result: Result<i64, String>,
    memory: Vec<u8>,
}

/// The compiled kernels, and the pause that they call.
struct Kernels {
    interrupter: Interrupter,
    linker: Linker<State>,
    module: Module,
    bodies: Bodies,
    pause: Pause<State>,
}

/// One store with the kernels.
struct Guest {
    store: Store<State>,
    instance: Instance,
    target: Arc<Target>,
}

impl Kernels {
    fn new<F>(signal: i32, pause: F) -> Self
    where
        F: for<'a> Fn(Caller<'a, State>) -> Box<dyn Future<Output = wasmtime::Result<()>> + Send + 'a>
            + Send
            + Sync
            + 'static,
    {
        Kernels::compiled(Inlining::No, signal, pause)
    }

    /// Kernels whose functions are inlined as far as `inlining` says.
    fn compiled<F>(inlining: Inlining, signal: i32, pause: F) -> Self
    where
        F: for<'a> Fn(Caller<'a, State>) -> Box<dyn Future<Output = wasmtime::Result<()>> + Send + 'a>
            + Send
            + Sync
            + 'static,
    {
        let mut config = Config::new();
        config
            .compiler_inlining(inlining)
            .max_wasm_stack(16 << 10)
            .async_stack_size(2 << 20)
            .shared_memory(true);
        let engine = Engine::new(&config).unwrap();
        let interrupter = Interrupter::new(&engine, signal, |wasm| Module::new(&engine, wasm)).unwrap();
        let module = Module::new(&engine, wat::parse_str(include_str!("kernels.wat")).unwrap()).unwrap();
        let mut linker = Linker::new(&engine);
        linker
            .func_wrap("host", "double", |number: i64| number.wrapping_mul(2))
            .unwrap();
        let fail = || -> wasmtime::Result<()> { Err(wasmtime::Error::msg("the host fails")) };
        linker.func_wrap("host", "fail", fail).unwrap();
        Kernels {
            pause: interrupter.pause(pause).unwrap(),
            bodies: Bodies::of(&interrupter, &module),
            interrupter,
            linker,
            module,
        }
    }

    /// Makes the kernels' host function call `before` first.
    fn with_double(mut self, before: impl Fn() + Send + Sync + 'static) -> Self {
        let double = move |number: i64| {
            before();
            number.wrapping_mul(2)
        };
        self.linker.allow_shadowing(true);
        self.linker.func_wrap("host", "double", double).unwrap();
        self
    }

    /// Kernels that count their pauses and whose host function interrupts the thread that calls it.
    fn that_interrupt_themselves(signal: i32) -> Self {
        let kernels = Kernels::that_count(signal);
        let interrupter = kernels.interrupter.clone();
        kernels.with_double(move || {
            // The routine finds its part of the stack dirty.
            std::hint::black_box([0xff_u8; 16 << 10]);
            interrupter.interrupt(|_| true);
        })
    }

    /// Kernels that count their pauses.
    fn that_count(signal: i32) -> Self {
        Kernels::new(signal, |mut caller: Caller<'_, State>| {
            Box::new(async move {
                caller.data_mut().pauses += 1;
                Ok(())
            })
        })
    }

    fn guest(&self) -> Guest {
        self.guest_of(1)
    }

    fn guest_of(&self, group: u64) -> Guest {
        let mut store = Store::new(self.interrupter.engine(), State::default());
        let instance = block_on(self.linker.instantiate_async(&mut store, &self.module)).unwrap();
        let own = instance.get_func(&mut store, "own").unwrap();
        let target = Arc::new(self.pause.target(&mut store, &self.bodies, own, group).unwrap());
        store.data_mut().target = Some(Arc::clone(&target));
        Guest {
            store,
            instance,
            target,
        }
    }
}

impl Guest {
    /// Runs a kernel to its end. `poll` polls its call.
    fn run(&mut self, name: &str, argument: i32, mut poll: impl FnMut(&mut dyn FnMut() -> bool)) -> Outcome {
        let kernel = self.instance.get_typed_func::<i32, i64>(&mut self.store, name).unwrap();
        let target = Arc::clone(&self.target);
        let mut result = None;
        {
            let mut call = Box::pin(target.interruptible(kernel.call_async(&mut self.store, argument)));
            let mut once = || match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(done) => {
                    result = Some(done);
                    true
                }
                Poll::Pending => false,
            };
            poll(&mut once);
        }
        let result = result.expect("the call was polled to its end");
        Outcome {
            // With the backtrace.
            result: result.map_err(|error| format!("{error:?}")),
            memory: self.memory(),
        }
    }

    /// Runs the kernel that calls the host. Returns how often it paused.
    fn pauses_in_calls(&mut self) -> u64 {
        let outcome = self.run("calls", 6, |poll| while !poll() {});
        assert_eq!(outcome.result, alone("calls", 6).result);
        self.store.data().pauses
    }

    fn memory(&mut self) -> Vec<u8> {
        let memory: SharedMemory = self.instance.get_shared_memory(&mut self.store, "memory").unwrap();
        // SAFETY: no guest that writes the memory runs.
        memory.data().iter().map(|byte| unsafe { byte.get().read() }).collect()
    }
}

/// The outcome of a kernel that is not interrupted.
fn alone(name: &str, argument: i32) -> Outcome {
    alone_compiled(Inlining::No, name, argument)
}

fn alone_compiled(inlining: Inlining, name: &str, argument: i32) -> Outcome {
    let kernels = Kernels::compiled(inlining, DEFAULT_SIGNAL, |_| Box::new(async { Ok(()) }));
    kernels.guest().run(name, argument, |poll| while !poll() {})
}
