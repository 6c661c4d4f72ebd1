//! An instance of a component, as the embedder holds it.

use crate::call_chain::{CallChain, InstanceId};
use crate::error::Outcome;
use crate::program::Program;
use crate::worker::Worker;
use crate::{Component, Error, Val, log};
use async_lock::Mutex;
use std::sync::{Arc, Weak};
use tracing::debug;
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

/// A lifted function of an [`Instance`]. It does not keep the instance alive.
pub struct Func<T: Send + Sync + 'static> {
    /// Weak, so that the host's state may hold functions of its own instance.
    instance: Weak<Inner<T>>,
    component: Component,
    /// An index into the plan's exports.
    export: usize,
}

impl<T: Send + Sync + 'static> Clone for Func<T> {
    fn clone(&self) -> Self {
        Func {
            instance: Weak::clone(&self.instance),
            component: self.component.clone(),
            export: self.export,
        }
    }
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
        let program = &self.inner.program;
        let mut main = self.inner.main.lock_arc().await;
        let index = match program.threads.add_implicit() {
            Ok(index) => index,
            Err(no_thread) => return Err(program.no_call(no_thread).await),
        };
        debug!(target: log::THREADS, instance = program.number, thread = index, "instantiated");
        let of_worker = Arc::clone(program);
        let body = async move { Worker::initialize(&of_worker, index).await };
        let calls = CallChain::current().call(InstanceId::of(&self.inner.main));
        program
            .run(index, calls, body, move |worker| *main = Some(worker))
            .await
    }

    /// The embedder's state.
    pub fn host(&self) -> &T {
        &self.inner.program.host
    }

    /// The exported function with this path: its own name, behind those of the instances that it is in.
    pub fn get_func(&self, path: &[&str]) -> Option<Func<T>> {
        self.find(|export| export.path == path)
    }

    fn find(&self, is_wanted: impl FnMut(&Export) -> bool) -> Option<Func<T>> {
        let component = &self.inner.program.component;
        Some(Func {
            instance: Arc::downgrade(&self.inner),
            component: component.clone(),
            export: component.plan().exports.iter().position(is_wanted)?,
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
    /// Those of [`Self::run_async`]; and the caller is a host function, which must not wait.
    pub fn run(self) -> Result<i32, Error> {
        let engine = self.inner.program.engine().clone();
        engine.block_on(self.run_async())?
    }

    /// Ends all threads, wherever they are, and waits until they are gone.
    pub async fn end_async(self) {
        self.inner.program.end(Outcome::Ended);
        self.inner.program.all_gone().await;
    }

    /// Ends all threads as [`Self::end_async`] does, and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// The caller is a host function, which must not wait.
    pub fn end(self) -> Result<(), Error> {
        let engine = self.inner.program.engine().clone();
        engine.block_on(self.end_async())
    }

    fn command(&self) -> Option<Func<T>> {
        let interfaces = self.inner.program.component.plan().exports.iter();
        let interfaces = interfaces.filter_map(|export| match export.path.as_slice() {
            [interface, function] if function == "run" => Some(interface.as_str()),
            _ => None,
        });
        let interface = weft_lower::run_interface(interfaces)?;
        self.get_func(&[interface, "run"])
    }
}

impl<T: Send + Sync + 'static> Drop for Instance<T> {
    fn drop(&mut self) {
        self.inner.program.end(Outcome::Ended);
    }
}

impl<T: Send + Sync + 'static> Func<T> {
    fn export(&self) -> &Export {
        &self.component.plan().exports[self.export]
    }

    fn instance(&self) -> Result<Arc<Inner<T>>, Error> {
        self.instance.upgrade().ok_or(Error::Ended)
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
    /// The call goes on if the future is dropped: only the program's end ends a thread.
    ///
    /// # Errors
    ///
    /// The function cannot be called at all, because of its type; the arguments do not fit; the program has as many threads as
    /// it may have; this or another thread of the program trapped or exited, or did so before; or the caller is a host
    /// function for which a call of this instance waits, and that call would have to end first.
    pub async fn call_async(&self, arguments: &[Val]) -> Result<Option<Val>, Error> {
        let core_arguments = self.lower(arguments)?;
        let instance = self.instance()?;
        let id = InstanceId::of(&instance.main);
        let calls = CallChain::current();
        let mut main = match instance.main.try_lock_arc() {
            Some(main) => main,
            None => {
                let waiting = calls.wait_for(id);
                let _waiting = waiting.ok_or_else(|| Error::Reentrant(self.export().name()))?;
                instance.main.lock_arc().await
            }
        };
        let Some(mut worker) = main.take() else {
            // The call that had it did not end normally, and so has ended the program.
            return Err(instance.program.ended().await);
        };
        let program = &instance.program;
        let index = match program.threads.add_implicit() {
            Ok(index) => index,
            Err(no_thread) => {
                // The next call may find a thread.
                *main = Some(worker);
                drop(main);
                return Err(program.no_call(no_thread).await);
            }
        };
        let function = self.export();
        debug!(target: log::THREADS, instance = program.number, thread = index, function = function.name(), "called");
        let (component, export) = (self.component.clone(), self.export);
        let body = async move {
            let export = &component.plan().exports[export];
            let result = call(&mut worker, index, export, &core_arguments).await?;
            Ok((worker, result))
        };
        let finish = move |(worker, result)| {
            *main = Some(worker);
            result
        };
        program.run(index, calls.call(id), body, finish).await
    }

    /// Calls the function as [`Self::call_async`] does, and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::call_async`]; and the caller is a host function, which must not wait.
    pub fn call(&self, arguments: &[Val]) -> Result<Option<Val>, Error> {
        self.component.engine().block_on(self.call_async(arguments))?
    }

    fn lower(&self, arguments: &[Val]) -> Result<Vec<wasmtime::Val>, Error> {
        let export = self.export();
        if let Some(reason) = export.obstacle() {
            let function = export.name();
            return Err(Error::NotCallable { function, reason });
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
        worker.post_return(post_return, &results).await?;
    }
    Ok(result)
}
