//! An instance of a component, as the embedder holds it.

use crate::error::Outcome;
use crate::program::Program;
use crate::worker::Worker;
use crate::{Error, Val};
use async_lock::{Mutex, MutexGuardArc};
use std::future::Future;
use std::sync::Arc;
use weft_lower::plan::{Export, ValueType};

/// An instance of a component. Dropping it ends its threads.
pub struct Instance<T: Send + Sync + 'static> {
    inner: Arc<Inner<T>>,
}

struct Inner<T: Send + Sync + 'static> {
    program: Arc<Program<T>>,
    /// The store of the implicit threads. Its lock is the component instance's exclusive lock: calls of lifted
    /// functions never overlap. None while a call has it, and after a call that did not end normally.
    main: Arc<Mutex<Option<Worker<T>>>>,
}

/// A lifted function of an [`Instance`].
pub struct Func<T: Send + Sync + 'static> {
    instance: Arc<Inner<T>>,
    export: usize,
}

impl<T: Send + Sync + 'static> Instance<T> {
    pub(crate) fn new(program: Arc<Program<T>>) -> Self {
        Instance {
            inner: Arc::new(Inner {
                program,
                main: Arc::new(Mutex::new(None)),
            }),
        }
    }

    pub(crate) async fn initialize(&self) -> Result<(), Error> {
        let program = Arc::clone(&self.inner.program);
        let mut main = self.inner.main.lock_arc().await;
        self.inner
            .implicit_thread(move |index| async move {
                *main = Some(Worker::initialize(&program, index).await?);
                Ok(())
            })
            .await
    }

    /// The embedder's state.
    pub fn host(&self) -> &T {
        &self.inner.program.host
    }

    /// The exported function with this path: its own name, behind those of the instances that it is in.
    pub fn get_func(&self, path: &[&str]) -> Option<Func<T>> {
        let exports = &self.inner.program.component.plan().exports;
        let export = exports.iter().position(|export| export.path == path)?;
        Some(Func {
            instance: Arc::clone(&self.inner),
            export,
        })
    }

    /// Runs a command: calls `run` of the exported `wasi:cli/run`, then ends all threads and waits until they are gone.
    /// Gives the exit status.
    ///
    /// # Errors
    ///
    /// The component is no command, or a thread trapped.
    pub async fn run_async(self) -> Result<i32, Error> {
        let result = match self.command() {
            Some(run) => run.call_async(&[]).await,
            None => Err(Error::NotACommand),
        };
        self.end_async().await;
        match result {
            Ok(Some(Val::Result(Err(())))) => Ok(1),
            Ok(_) => Ok(0),
            Err(Error::Exit(code)) => Ok(code),
            Err(error) => Err(error),
        }
    }

    /// Runs a command as [`Self::run_async`] does, and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::run_async`].
    pub fn run(self) -> Result<i32, Error> {
        let engine = self.inner.program.engine().clone();
        engine.block_on(self.run_async())
    }

    /// Ends all threads, wherever they are, and waits until they are gone.
    pub async fn end_async(self) {
        self.inner.program.end(Outcome::Ended);
        self.inner.program.all_gone().await;
    }

    fn command(&self) -> Option<Func<T>> {
        let exports = &self.inner.program.component.plan().exports;
        let is_run = |export: &Export| match export.path.as_slice() {
            [interface, function] => {
                let name = interface.split('@').next();
                name == Some("wasi:cli/run") && function == "run"
            }
            _ => false,
        };
        let export = exports.iter().position(is_run)?;
        Some(Func {
            instance: Arc::clone(&self.inner),
            export,
        })
    }
}

impl<T: Send + Sync + 'static> Drop for Instance<T> {
    fn drop(&mut self) {
        self.inner.program.end(Outcome::Ended);
    }
}

impl<T: Send + Sync + 'static> Func<T> {
    fn export(&self) -> &Export {
        &self.instance.program.component.plan().exports[self.export]
    }

    /// The parameters' names and types.
    pub fn parameters(&self) -> &[(String, ValueType)] {
        &self.export().parameters
    }

    /// The result's type.
    pub fn result(&self) -> Option<&ValueType> {
        self.export().result.as_ref()
    }

    /// Calls the function on a new implicit thread, when no other call of the instance is going on.
    ///
    /// # Errors
    ///
    /// The arguments do not fit; this or another thread of the program trapped or exited, or did so before.
    pub async fn call_async(&self, arguments: &[Val]) -> Result<Option<Val>, Error> {
        let core_arguments = self.lower(arguments)?;
        let program = Arc::clone(&self.instance.program);
        let mut main = self.instance.main.lock_arc().await;
        let export = self.export;
        self.instance
            .implicit_thread(move |index| async move {
                let component = program.component.clone();
                let export = &component.plan().exports[export];
                let mut worker = taken(&mut main)?;
                let result = call(&mut worker, index, export, &core_arguments).await?;
                *main = Some(worker);
                Ok(result)
            })
            .await
    }

    /// Calls the function as [`Self::call_async`] does, and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::call_async`].
    pub fn call(&self, arguments: &[Val]) -> Result<Option<Val>, Error> {
        self.instance.program.engine().block_on(self.call_async(arguments))
    }

    fn lower(&self, arguments: &[Val]) -> Result<Vec<wasmtime::Val>, Error> {
        let export = self.export();
        if let Some(ty @ ValueType::Other(_)) = &export.result {
            return Err(Error::Arguments(format!(
                "a result of type {ty:?} is not supported yet"
            )));
        }
        if arguments.len() != export.parameters.len() {
            return Err(Error::Arguments(format!(
                "{} arguments for {} parameters",
                arguments.len(),
                export.parameters.len()
            )));
        }
        let pairs = arguments.iter().zip(&export.parameters);
        pairs.map(|(argument, (name, ty))| argument.lower(name, ty)).collect()
    }
}

/// The main store. A thread that held it and did not end normally has taken it along, and ended the program.
fn taken<T>(main: &mut MutexGuardArc<Option<Worker<T>>>) -> wasmtime::Result<Worker<T>> {
    main.take()
        .ok_or_else(|| crate::error::trap("cannot enter component instance"))
}

async fn call<T: Send + Sync + 'static>(
    worker: &mut Worker<T>,
    index: u32,
    export: &Export,
    arguments: &[wasmtime::Val],
) -> wasmtime::Result<Option<Val>> {
    worker.begin(index)?;
    let function = worker.function(&export.function)?;
    let mut results = vec![wasmtime::Val::I32(0); function.ty(&worker.store).results().len()];
    function.call_async(&mut worker.store, arguments, &mut results).await?;
    let result = match (&export.result, results.first()) {
        (Some(ty), Some(value)) => Some(Val::lift(value, ty)?),
        _ => None,
    };
    if let Some(post_return) = &export.post_return {
        let function = worker.function(post_return)?;
        function.call_async(&mut worker.store, &results, &mut []).await?;
    }
    Ok(result)
}

impl<T: Send + Sync + 'static> Inner<T> {
    /// Runs `body` on a new thread and waits for its result, or for the end of the program.
    async fn implicit_thread<B, F, R>(&self, body: B) -> Result<R, Error>
    where
        B: FnOnce(u32) -> F,
        F: Future<Output = wasmtime::Result<R>> + Send + 'static,
        R: Send + 'static,
    {
        let (sender, receiver) = async_channel::bounded(1);
        let started = self.program.start(|index| {
            let body = body(index);
            async move {
                let result = body.await?;
                // The caller may have gone.
                let _ = sender.try_send(result);
                Ok(())
            }
        });
        if started.is_none() && self.program.outcome().is_none() {
            return Err(Error::Limit(
                "the call needs a thread, and the program has as many as it may have".to_owned(),
            ));
        }
        match receiver.recv().await {
            Ok(result) => Ok(result),
            // The thread ended the program, or the program's end ended the thread: the outcome is known when all are gone.
            Err(_) => {
                self.program.all_gone().await;
                Err(self.program.outcome().map_or(Error::Ended, Outcome::error))
            }
        }
    }
}
