//! The tenants' programs, and the ways in which they end.

use anyhow::{Context, Result, bail, ensure};
use futures_lite::future::{block_on, poll_once};
use std::fmt::Debug;
use std::future::{Future, Pending, pending};
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::yield_now;
use std::time::Duration;
use weft::{
    Caller, Component, EndReason, Engine, Error, Exit, Func, Instance, InstanceLimits, InstancePre, Linker, Runtime,
    ThreadContext, Val, wasmtime,
};
use weft_wasi::{DirPerms, FilePerms, MemoryOutputPipe, WasiCtx, WasiCtxBuilder};

/// Programs with parallel threads.
const PARALLEL: &str = include_str!("../../programs/soak_parallel.wat");

/// Programs on the cooperative runtime.
const COOPERATIVE: &str = include_str!("../../programs/soak_cooperative.wat");

/// With what a host function panics.
pub(super) const FAULT: &str = "a host function's own fault";

const DEADLINE: Duration = Duration::from_millis(2);

/// How a program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It returns, and the embedder ends it.
    Returns,
    /// It exits while its threads wait.
    Exits,
    /// It traps while its threads wait.
    Traps,
    /// It computes until its deadline.
    Deadline,
    /// It computes until its processor time is used.
    ProcessorTime,
    /// The embedder ends it by a handle, while a host function waits.
    Handle,
    /// Memory, tables and threads meet their limits, and it returns.
    Limits,
    /// It needs more memory to start than it may have.
    TooLarge,
    /// The future of a call is dropped while a host function waits, and then the instance.
    Dropped,
    /// A host function panics.
    Panics,
    /// A host function panics after it has waited.
    PanicsLater,
}

impl Way {
    /// All of them.
    pub const ALL: [Way; 11] = [
        Way::Returns,
        Way::Exits,
        Way::Traps,
        Way::Deadline,
        Way::ProcessorTime,
        Way::Handle,
        Way::Limits,
        Way::TooLarge,
        Way::Dropped,
        Way::Panics,
        Way::PanicsLater,
    ];
}

/// The state of one program.
struct Host {
    wasi: WasiCtx,
    /// Whether a host function waits.
    waits: AtomicBool,
    /// How many programs of the tenant are alive.
    alive: Arc<AtomicUsize>,
}

impl Drop for Host {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Host {
    fn exit() -> wasmtime::Result<()> {
        Err(Exit(3).into())
    }

    fn panic() -> wasmtime::Result<()> {
        std::panic::panic_any(FAULT)
    }

    /// A host function waits from now on.
    fn waits(&self) -> Pending<wasmtime::Result<()>> {
        self.waits.store(true, Ordering::Relaxed);
        pending()
    }

    async fn panic_later() -> wasmtime::Result<()> {
        weft::yield_now().await;
        Host::panic()
    }
}

/// A tenant, all of whose programs are instances of one component.
pub(super) struct Tenant {
    prepared: InstancePre<Host>,
    directory: PathBuf,
    alive: Arc<AtomicUsize>,
    seen: [AtomicUsize; Way::ALL.len()],
}

impl Tenant {
    pub(super) fn new(engine: &Engine, number: usize, directory: &Path) -> Result<Self> {
        let text = if number.is_multiple_of(2) {
            PARALLEL
        } else {
            COOPERATIVE
        };
        let component = Component::new(engine, text.as_bytes())?;
        let mut linker = Linker::new(engine);
        weft_wasi::add_to_linker(&mut linker, |host: &Host| &host.wasi)?;
        match component.runtime() {
            Runtime::Parallel => {
                let mut soak = linker.module("soak")?;
                soak.func_wrap("exit", |_: Caller<'_, Host>| Host::exit())?;
                soak.func_wrap("panic", |_: Caller<'_, Host>| Host::panic())?;
                soak.func_wrap_async("wait", |caller: Caller<'_, Host>, (): ()| {
                    Box::new(caller.data().host().waits())
                })?;
                soak.func_wrap_async("panic-later", |_: Caller<'_, Host>, (): ()| {
                    Box::new(Host::panic_later())
                })?;
            }
            Runtime::Cooperative => {
                type Thread<'a> = ThreadContext<'a, Host>;
                let mut root = linker.root();
                root.func_wrap("exit", |_: Thread<'_>, (): ()| Host::exit())?;
                root.func_wrap("panic", |_: Thread<'_>, (): ()| Host::panic())?;
                root.func_wrap_async("wait", |thread: Thread<'_>, (): ()| Box::new(thread.host().waits()))?;
                root.func_wrap_async("panic-later", |_: Thread<'_>, (): ()| Box::new(Host::panic_later()))?;
            }
        }
        Ok(Tenant {
            prepared: linker.instantiate_pre(&component)?,
            directory: directory.to_owned(),
            alive: Arc::default(),
            seen: Default::default(),
        })
    }

    /// How many of its programs are alive.
    pub(super) fn alive(&self) -> usize {
        self.alive.load(Ordering::Relaxed)
    }

    /// How many of its programs have ended in this way.
    pub(super) fn seen(&self, way: Way) -> usize {
        self.seen[way as usize].load(Ordering::Relaxed)
    }

    fn start(&self, limits: &InstanceLimits) -> Result<Instance<Host>> {
        // Each has descriptors of its own.
        let wasi = WasiCtxBuilder::new()
            .preopened_dir(&self.directory, "/", DirPerms::all(), FilePerms::all())?
            .stdout(MemoryOutputPipe::new(64))
            .build()?;
        self.alive.fetch_add(1, Ordering::Relaxed);
        let host = Host {
            wasi,
            waits: AtomicBool::new(false),
            alive: Arc::clone(&self.alive),
        };
        Ok(self.prepared.instantiate_with(host, limits)?)
    }

    /// Runs a program that ends in this way.
    pub(super) fn run(&self, way: Way) -> Result<()> {
        let mut limits = InstanceLimits::new();
        limits.max_threads(8).max_memory(4 << 20).max_table_elements(16);
        let seen = match way {
            Way::Returns => {
                let instance = self.start(&limits)?;
                let sum = func(&instance, "sum")?.call(&[Val::S32(20), Val::S32(22)])?;
                ensure!(sum == Some(Val::S32(42)), "20 + 22 is not {sum:?}");
                instance.end()?;
                Ok(())
            }
            Way::Exits => Err(self.fails("leave", &limits)?),
            Way::Traps => Err(self.fails("fail", &limits)?),
            Way::Panics => Err(self.fails("panic", &limits)?),
            Way::PanicsLater => Err(self.fails("panic-later", &limits)?),
            Way::Deadline => Err(self.fails("spin", limits.deadline(DEADLINE))?),
            Way::ProcessorTime => Err(self.fails("spin", limits.max_processor_time(DEADLINE))?),
            Way::Handle => Err(self.ended(&limits)?),
            Way::Limits => {
                let instance = self.start(&limits)?;
                let grown = func(&instance, "grow")?.call(&[])?;
                ensure!(grown == Some(Val::S32(0)), "so much was granted: {grown:?}");
                Ok(())
            }
            Way::TooLarge => match self.start(limits.max_memory(1000)).err() {
                Some(error) => Err(error.downcast::<Error>()?),
                None => Ok(()),
            },
            Way::Dropped => {
                self.drops(&limits)?;
                Ok(())
            }
        };
        let expected = match (way, &seen) {
            (Way::Returns | Way::Limits | Way::Dropped, Ok(())) => true,
            (Way::Exits, Err(Error::Exit(3))) => true,
            (Way::Traps, Err(Error::Trap(trap))) => trap.code() == Some(wasmtime::Trap::UnreachableCodeReached),
            (Way::Deadline, Err(Error::EndedBy(EndReason::Deadline(_)))) => true,
            (Way::ProcessorTime, Err(Error::EndedBy(EndReason::ProcessorTime(_)))) => true,
            (Way::Handle, Err(Error::EndedBy(EndReason::Host(_)))) => true,
            (Way::TooLarge, Err(Error::Limit(_))) => true,
            (Way::Panics | Way::PanicsLater, Err(Error::HostPanic(_))) => true,
            (_, Ok(()) | Err(_)) => false,
        };
        ensure!(expected, "it ended otherwise: {seen:?}");
        self.seen[way as usize].fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// The error of a call that fails.
    fn fails(&self, function: &str, limits: &InstanceLimits) -> Result<Error> {
        let instance = match self.start(limits) {
            Ok(instance) => instance,
            // A deadline counts from the start of the instantiation.
            Err(error) => return error.downcast(),
        };
        match func(&instance, function)?.call(&[]) {
            Err(error) => Ok(error),
            Ok(result) => bail!("`{function}` returned {result:?}"),
        }
    }

    /// Drops a call's future while a host function waits for it.
    fn drops(&self, limits: &InstanceLimits) -> Result<()> {
        let instance = self.start(limits)?;
        let wait = func(&instance, "wait")?;
        let mut call = pin!(wait.call_async(&[]));
        until_it_waits(&instance, call.as_mut())
    }

    /// Ends a program while a host function waits.
    fn ended(&self, limits: &InstanceLimits) -> Result<Error> {
        let instance = self.start(limits)?;
        let wait = func(&instance, "wait")?;
        let mut call = pin!(wait.call_async(&[]));
        until_it_waits(&instance, call.as_mut())?;
        ensure!(instance.end_handle().end("enough"), "it has ended before");
        match block_on(call) {
            Err(error) => Ok(error),
            Ok(result) => bail!("the call returned {result:?}"),
        }
    }
}

/// Polls a call until a host function waits in it.
fn until_it_waits<R: Debug>(instance: &Instance<Host>, mut call: Pin<&mut impl Future<Output = R>>) -> Result<()> {
    while !instance.host().waits.load(Ordering::Relaxed) {
        if let Some(result) = block_on(poll_once(call.as_mut())) {
            bail!("the call returned {result:?}");
        }
        yield_now();
    }
    Ok(())
}

fn func(instance: &Instance<Host>, name: &str) -> Result<Func<Host>> {
    instance
        .get_func(&[name])
        .with_context(|| format!("no export `{name}`"))
}
