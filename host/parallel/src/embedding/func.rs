//! Calls of an instance's exported functions. Calls of functions that are not shared take turns in the home of their
//! component instance. [`parallel`](super::parallel) handles the others.

use crate::engine::component::Component;
use crate::error::Error;
use crate::lifecycle::caller::Caller;
use crate::lifecycle::homes::{Homes, WaitsForItself};
use crate::lifecycle::running_instance::RunningInstance;
use crate::lifecycle::seats::Seats;
use crate::store::lifted::{Arguments, PassedHandle, Values};
use crate::store::thread_store::ThreadStore;
use crate::threads::call_chain::CallChain;
use crate::threads::thread_id::ThreadId;
use std::future::Future;
use std::sync::{Arc, Weak};
use weft_abi::{FuncType, ResourceIndex, Signature, Types, Val, check_arguments_with};
use weft_lower::plan::{ComponentInstanceIndex, Export, HomeIndex, ThreadTableIndex};

/// An instance that can be called.
pub(crate) struct CallableInstance<T: Send + Sync + 'static> {
    pub(crate) running: Arc<RunningInstance<T>>,
    /// The stores for calls. Calls of one component instance never overlap in them.
    pub(super) homes: Arc<Homes<T>>,
}

/// A lifted function of an [`Instance`](crate::Instance). It does not keep the instance alive.
pub struct Func<T: Send + Sync + 'static> {
    /// Weak, so that the host's state may hold functions of its own instance.
    instance: Weak<CallableInstance<T>>,
    pub(super) component: Component,
    /// An index into the plan's exports.
    pub(super) export: usize,
    /// The seats of the instance. Empty after the instance has ended.
    pub(super) seats: Arc<Seats<T>>,
}

impl<T: Send + Sync + 'static> CallableInstance<T> {
    /// Waits until no call in this home is in progress, and then runs `body` on a new implicit thread of this thread
    /// table. `body` gets the home's store and the thread, and returns the store. If the future is dropped before `body`
    /// begins, `body` never begins; after that, it continues. `name` describes the call.
    pub(super) async fn enter<R, F>(
        &self,
        (home, table): (HomeIndex, ThreadTableIndex),
        name: impl Fn() -> String,
        body: impl FnOnce(Box<ThreadStore<T>>, ThreadId) -> F + Send + 'static,
    ) -> Result<R, Error>
    where
        R: Send + 'static,
        F: Future<Output = wasmtime::Result<(Box<ThreadStore<T>>, R)>> + Send + 'static,
    {
        let calls = CallChain::current();
        let locked = self.homes.lock(home, &calls).await;
        let mut home_store = locked.map_err(|WaitsForItself| Error::Reentrant(name()))?;
        let Some(store) = home_store.take() else {
            // The call that took the store did not end normally, and so ended the instance.
            return Err(self.running.state.ended().await);
        };
        let running = &self.running;
        let thread = match running.add_call_at_home(table) {
            Ok(thread) => thread,
            Err(no_thread) => {
                // The next call may now get a thread.
                home_store.give_back(store);
                return Err(running.no_call(no_thread).await);
            }
        };
        home_store.begin(thread);
        running.state.log_call(thread, name);
        let finish = move |(store, result)| {
            home_store.give_back(store);
            result
        };
        let calls = calls.call(self.homes.id(home));
        let body = |caller: Caller| async move {
            if !caller.waits() {
                return Ok((store, None));
            }
            let (store, result) = body(store, thread).await?;
            Ok((store, Some(result)))
        };
        running.run(thread, calls, body, finish).await
    }
}

impl<T: Send + Sync + 'static> Clone for Func<T> {
    fn clone(&self) -> Self {
        Func {
            instance: Weak::clone(&self.instance),
            component: self.component.clone(),
            export: self.export,
            seats: Arc::clone(&self.seats),
        }
    }
}

impl<T: Send + Sync + 'static> Func<T> {
    pub(super) fn new(instance: &Arc<CallableInstance<T>>, component: Component, export: usize) -> Self {
        Func {
            instance: Arc::downgrade(instance),
            component,
            export,
            seats: Arc::clone(&instance.running.seats),
        }
    }

    pub(super) fn export(&self) -> &Export {
        &self.component.plan().exports[self.export]
    }

    /// The component instance that lifts the function.
    pub(super) fn instance_index(&self) -> ComponentInstanceIndex {
        self.component.plan().options[self.export().options.index()].instance
    }

    pub(super) fn instance(&self) -> Result<Arc<CallableInstance<T>>, Error> {
        self.instance.upgrade().ok_or(Error::Ended)
    }

    /// The function's type: the names and types of its parameters, and the type of its result.
    pub fn ty(&self) -> &FuncType {
        &self.types()[self.export().ty]
    }

    /// The types of the function's component. The function's type refers to them.
    pub fn types(&self) -> &Types {
        &self.component.plan().types
    }

    /// The function's type, with the instance's resource types.
    pub fn signature(&self) -> Result<Signature, Error> {
        let instance = self.instance()?;
        let (plan, resources) = (self.component.plan(), &instance.running.state.resources);
        let types = (0..plan.resources.len() as u32).map(|index| {
            let (view, _) = plan.resource(ResourceIndex(index))?;
            resources.ty(view.ty)
        });
        Ok(Signature::new(
            Arc::new(plan.types.clone()),
            self.export().ty,
            types.collect(),
        ))
    }

    /// Calls the function on a new implicit thread. If the call uses anything that is not shared, it waits until no
    /// other such call of the instance is in progress. If parallel threads call one of the component instances, the
    /// calls of that component instance take turns among themselves.
    pub async fn call_async(&self, arguments: &[Val]) -> Result<Option<Val>, Error> {
        let handles = self.check(arguments)?;
        let values = arguments.to_vec();
        self.pass(Values { values, handles }).await
    }

    /// Calls the function with arguments that are of its parameters' types.
    pub(super) async fn pass<A: Arguments>(&self, arguments: A) -> Result<A::Result, Error> {
        if self.is_parallel() {
            return self.call_in_parallel(&*self.instance()?, arguments).await;
        }
        let plan = self.component.plan();
        let place = (
            plan.home(self.instance_index()),
            plan.thread_table(self.instance_index()),
        );
        let (component, export) = (self.component.clone(), self.export);
        let call = move |mut store: Box<ThreadStore<T>>, thread| async move {
            let plan = component.plan();
            let result = store.call(thread, plan, export, &arguments).await?;
            Ok((store, result))
        };
        let called = self.instance()?.enter(place, || self.export().name(), call).await?;
        // Another thread of the host took a handle after it was checked.
        called.map_err(|error| Error::Arguments(error.to_string()))
    }

    /// Calls the function as [`Self::call_async`] does, and waits on the calling thread. If all that the call uses is shared, and the
    /// component has no built-in that starts, suspends or resumes threads, the guest's code runs on the calling thread too.
    pub fn call(&self, arguments: &[Val]) -> Result<Option<Val>, Error> {
        let handles = self.check(arguments)?;
        let values = arguments.to_vec();
        self.pass_and_wait(Values { values, handles })
    }

    /// Calls the function as [`Self::pass`] does, and waits on the calling thread.
    pub(super) fn pass_and_wait<A: Arguments>(&self, arguments: A) -> Result<A::Result, Error> {
        match self.call_here(&arguments) {
            Some(result) => result,
            None => self.component.engine().block_on(self.pass(arguments))?,
        }
    }

    /// Checks that the function can be called at all.
    pub(super) fn check_callable(&self) -> Result<(), Error> {
        match self.component.obstacle(self.export) {
            Some(reason) => Err(Error::NotCallable {
                function: self.export().name(),
                reason: reason.to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Checks that the function can be called with these arguments. Returns the handles among them.
    fn check(&self, arguments: &[Val]) -> Result<Vec<PassedHandle>, Error> {
        self.check_callable()?;
        let instance = self.instance()?;
        let mut check = instance.running.state.resources.check();
        let mut handles = Vec::new();
        let checked = check_arguments_with(self.types(), self.ty(), arguments, |resource, ty, owned| {
            handles.push(PassedHandle { resource, ty, owned });
            check.handle(resource, ty, owned)
        });
        match checked {
            Ok(()) => Ok(handles),
            Err(error) => Err(Error::Arguments(error.to_string())),
        }
    }
}
