//! The measured programs: how they are adapted and compiled, and their host.

use anyhow::{Context, Result, bail};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;
use weft_parallel::{Caller, Component, Config, Engine, Instance, Linker, Val};
use weft_wasi::{DirPerms, FilePerms, MemoryOutputPipe, WasiCtx, WasiCtxBuilder};

/// More than any program here writes.
const OUTPUT: usize = 4096;

/// The host state of a program.
pub(crate) struct Host {
    wasi: WasiCtx,
    output: MemoryOutputPipe,
    created: Instant,
    mark: OnceLock<Instant>,
}

impl Host {
    pub(crate) fn new(arguments: &[&str]) -> Result<Self> {
        let output = MemoryOutputPipe::new(OUTPUT);
        let wasi = WasiCtxBuilder::new().args(arguments).stdout(output.clone()).build()?;
        Ok(Host::with(wasi, output))
    }

    /// A host that gives the program the directory `dir`, and nothing else.
    pub(crate) fn with_dir(dir: &Path) -> Result<Self> {
        let wasi = WasiCtxBuilder::new()
            .preopened_dir(dir, "/", DirPerms::all(), FilePerms::all())?
            .build()?;
        Ok(Host::with(wasi, MemoryOutputPipe::new(0)))
    }

    fn with(wasi: WasiCtx, output: MemoryOutputPipe) -> Self {
        Host {
            wasi,
            output,
            created: Instant::now(),
            mark: OnceLock::new(),
        }
    }

    /// What the program writes.
    pub(crate) fn output(&self) -> MemoryOutputPipe {
        self.output.clone()
    }

    /// When the program called `mark` for the first time.
    pub(crate) fn mark(&self) -> Result<Instant> {
        self.mark.get().copied().context("the program did not say that it ends")
    }
}

/// A program that has been compiled, with what it may import.
pub(crate) struct Guest {
    component: Component,
    linker: Linker<Host>,
}

impl Guest {
    /// Adapts and compiles a core module, text or binary.
    pub(crate) fn new(engine: &Engine, module: &[u8]) -> Result<Self> {
        Ok(Guest {
            component: Component::new(engine, &weft_adapt::adapt(&weft_lower::to_binary(module)?)?)?,
            linker: linker(engine)?,
        })
    }

    pub(crate) fn instantiate(&self, arguments: &[&str]) -> Result<Instance<Host>> {
        self.instantiate_on(Host::new(arguments)?)
    }

    pub(crate) fn instantiate_on(&self, host: Host) -> Result<Instance<Host>> {
        Ok(self.linker.instantiate(&self.component, host)?)
    }
}

/// An engine with a number of workers.
pub(crate) fn engine(workers: NonZeroUsize) -> Result<Engine> {
    Ok(Engine::new(Config::new().workers(workers))?)
}

/// What the programs import: WASI, and the module `bench`.
pub(crate) fn linker(engine: &Engine) -> Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    weft_wasi::add_to_linker(&mut linker, |host: &Host| &host.wasi)?;
    let mut bench = linker.module("bench");
    bench.func_wrap("now", |caller: Caller<'_, Host>| {
        caller.data().host().created.elapsed().as_nanos() as i64
    })?;
    bench.func_wrap("mark", |caller: Caller<'_, Host>| {
        caller.data().host().mark.get_or_init(Instant::now);
    })?;
    Ok(linker)
}

/// Runs a command to its end, and fails if the command fails.
pub(crate) fn run(instance: Instance<Host>) -> Result<()> {
    match instance.run()? {
        0 => Ok(()),
        status => bail!("the program ended with status {status}"),
    }
}

/// Calls an export.
pub(crate) fn call<T: Send + Sync + 'static>(
    instance: &Instance<T>,
    name: &str,
    arguments: &[i32],
) -> Result<Option<Val>> {
    let function = instance
        .get_func(&[name])
        .with_context(|| format!("no export `{name}`"))?;
    let arguments: Vec<Val> = arguments.iter().copied().map(Val::S32).collect();
    Ok(function.call(&arguments)?)
}
