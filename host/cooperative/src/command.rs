//! Commands: components that export `wasi:cli/run`, of WASI 0.2 or 0.3.

use crate::Error;
use crate::call::{MAX_THREADS, call, engine_error, store};
use crate::finish::finish;
use crate::procfs;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Func, Instance, Linker, ResourceTable, Val};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use weft_parallel::{StackAccount, StoreAccount, default_max_memory};

/// The least memory that a thread takes, in bytes.
const THREAD: u64 = 16 << 10;

/// How many handles a program can have beside its threads. Wasmtime counts threads and resources together.
const OTHER_HANDLES: usize = 64;

/// How many bytes the values of a call can always take.
const VALUES_OF_ANY_CALL: usize = 32 << 10;

/// The function of `wasi:cli/run`.
const RUN: &str = "run";

/// The state of a program that uses only WASI.
pub struct Host {
    wasi: WasiCtx,
    resources: ResourceTable,
    account: StoreAccount,
    stacks: StackAccount,
}

impl Host {
    /// Creates the state of a program with this WASI context.
    pub fn new(wasi: WasiCtx) -> Self {
        let account = StoreAccount::new(default_max_memory());
        Host {
            wasi,
            resources: ResourceTable::new(),
            stacks: account.stacks(),
            account,
        }
    }

    /// Limits the total size of all memories and tables, in bytes, and the number of threads to one for each 16 KiB of the limit. The
    /// default is half of the memory that the process can use. While code runs in [`StackAccount::during`] of [`Host::stacks`], stacks
    /// count too.
    pub fn max_memory(mut self, bytes: u64) -> Self {
        self.account = StoreAccount::new(bytes);
        self.stacks = self.account.stacks();
        self
    }

    /// The largest amount of memory, in bytes, that the program has used at once.
    pub fn memory_peak(&self) -> u64 {
        self.account.peak()
    }

    /// Counts the stacks of the program's threads against the limit, if the engine has the stacks of
    /// [`configure_stacks`](crate::configure_stacks).
    ///
    /// ```
    /// # use wasmtime::{Config, Engine};
    /// # use weft_cooperative::{DEFAULT_MAX_WASM_STACK, Host, Profile, configure, configure_stacks, in_tokio};
    /// # use weft_cooperative::wasmtime_wasi::WasiCtx;
    /// let mut config = Config::new();
    /// configure_stacks(configure(&mut config), DEFAULT_MAX_WASM_STACK);
    /// let engine = Engine::new(&config)?;
    /// let component = weft_cooperative::compile(&engine, b"(component
    ///     (core module $m (func (export \"f\") (result i32) (i32.const 42)))
    ///     (core instance $i (instantiate $m))
    ///     (func (export \"f\") (result u32) (canon lift (core func $i \"f\"))))", Profile::Full)?;
    /// let mut store = Host::new(WasiCtx::builder().build()).max_memory(64 << 20).into_store(&engine);
    /// let linker = Host::linker(&engine, false)?;
    /// let stacks = store.data().stacks();
    /// let result = in_tokio(stacks.during(async {
    ///     let instance = weft_cooperative::instantiate(&linker, &mut store, &component).await?;
    ///     let f = instance.get_func(&mut store, "f").ok_or(weft_cooperative::Error::NotACommand)?;
    ///     weft_cooperative::call(&mut store, f, &[]).await
    /// }))???;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stacks(&self) -> StackAccount {
        self.stacks.clone()
    }

    /// Creates a linker with WASI, as [`add_wasi`] defines it; with `procfs`, as [`add_wasi_with_procfs`] does.
    ///
    /// Its type does not depend on the embedder's state, so Wasmtime's WASI is compiled in this crate.
    ///
    /// # Errors
    ///
    /// The engine has no memory for it.
    pub fn linker(engine: &Engine, procfs: bool) -> Result<Linker<Host>, Error> {
        let mut linker = Linker::new(engine);
        match procfs {
            false => add_wasi(&mut linker)?,
            true => add_wasi_with_procfs(&mut linker)?,
        }
        Ok(linker)
    }

    /// The store for the program.
    pub fn into_store(self, engine: &Engine) -> Store<Host> {
        let limit = self.account.limit();
        let threads = usize::try_from(limit / THREAD).unwrap_or(usize::MAX);
        let mut store = store(engine, self);
        store.limiter(|host| &mut host.account);
        let values = usize::try_from(limit).unwrap_or(usize::MAX).max(VALUES_OF_ANY_CALL);
        store.set_hostcall_fuel(values.min(store.hostcall_fuel()));
        store.set_max_component_handles(threads.saturating_add(OTHER_HANDLES).min(MAX_THREADS));
        store
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.resources,
        }
    }
}

/// Defines the interfaces of `wasi:cli/imports`, 0.2 and 0.3. A program cannot open anything on procfs, wherever procfs is mounted below
/// its directories, because it could read the memory and the environment of this process there. From then on, the linker refuses to
/// define a name twice.
///
/// # Errors
///
/// The linker already defines one of the names.
pub fn add_wasi<T: WasiView>(linker: &mut Linker<T>) -> Result<(), Error> {
    add_wasi_with_procfs(linker)?;
    procfs::refuse(linker).map_err(|error| engine_error("cannot define WASI", &error))
}

/// Like [`add_wasi`], but a program can use procfs below its directories.
///
/// # Errors
///
/// Those of [`add_wasi`].
pub fn add_wasi_with_procfs<T: WasiView>(linker: &mut Linker<T>) -> Result<(), Error> {
    wasmtime_wasi::p2::add_to_linker_async(linker)
        .and_then(|()| wasmtime_wasi::p3::add_to_linker(linker))
        .map_err(|error| engine_error("cannot define WASI", &error))
}

/// Runs a command: calls `run` of the exported `wasi:cli/run` (of 0.3 if there are several), waits until the implicit threads of all tasks
/// in the store have ended, and returns the exit status. Explicit threads that have not ended by then do not run any more.
///
/// # Errors
///
/// The component is not a command; a thread traps; or all threads are suspended, and none waits for an event, before the implicit threads
/// have ended.
pub async fn run<T: Send>(store: &mut Store<T>, instance: &Instance) -> Result<i32, Error> {
    let function = command(store, instance).ok_or(Error::NotACommand)?;
    let result = match call(store, function, &[]).await {
        Ok(result) => finish(store).await.map(|()| result),
        Err(error) => Err(error),
    };
    match result {
        Ok(result) if result == [Val::Result(Err(None))] => Ok(1),
        Ok(_) => Ok(0),
        Err(Error::Exit(code)) => Ok(code),
        Err(error) => Err(error),
    }
}

fn command<T>(store: &mut Store<T>, instance: &Instance) -> Option<Func> {
    let ready = instance.instance_pre(&*store);
    let component: &Component = ready.component();
    let ty = component.component_type();
    let interfaces = ty
        .exports(component.engine())
        .filter(|(_, export)| is_command(&export.ty, component.engine()));
    let interface = weft_lower::run_interface(interfaces.map(|(name, _)| name))?;
    let interface = instance.get_export_index(&mut *store, None, interface)?;
    let run = instance.get_export_index(&mut *store, Some(&interface), RUN)?;
    instance.get_func(store, run)
}

fn is_command(export: &ComponentItem, engine: &Engine) -> bool {
    let ComponentItem::ComponentInstance(interface) = export else {
        return false;
    };
    let run = interface.get_export(engine, RUN);
    run.is_some_and(|run| matches!(run.ty, ComponentItem::ComponentFunc(_)))
}
