//! Runs the host's work with items of a guest: on a guest thread, or as a call from outside.

use crate::embedding::instance::Instance;
use crate::engine::component::Component;
use crate::error::{Error, Outcome};
use crate::scheduler::on_worker;
use crate::state::core_items::{ItemPlace, Work, WorkError};
use crate::state::thread::{BlockingCaller, InstanceState};
use crate::surface::context::StoreData;
use crate::surface::state::HostState;
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::{AsContextMut, StoreContextMut};

/// Where the host uses an item of the guest: the view that a host function gets of its caller, or an instance.
///
/// It stands for the store that Wasmtime's methods take.
pub trait AsContext: Send {
    #[doc(hidden)]
    fn context(&mut self) -> Context<'_>;
}

impl<C: AsContext> AsContext for &mut C {
    fn context(&mut self) -> Context<'_> {
        (**self).context()
    }
}

/// The content of an [`AsContext`].
pub struct Context<'a>(Kind<'a>);

enum Kind<'a> {
    Thread(StoreContextMut<'a, StoreData>),
    Instance(&'a Instance<HostState>),
    Blocking(&'a BlockingCaller<HostState>),
    /// A context of another runtime, which has no such items.
    None,
}

/// The item that is used.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) component: &'a Component,
    pub(super) name: &'a str,
    pub(super) place: ItemPlace,
}

impl<'a> Context<'a> {
    /// The context of an instance.
    #[doc(hidden)]
    pub fn of<T: Send + Sync + 'static>(instance: &'a crate::surface::instance::Instance<T>) -> Self {
        instance.guest_context()
    }

    /// The context of a blocking host function.
    #[doc(hidden)]
    pub fn of_caller<T: Send + Sync + 'static>(caller: &'a crate::surface::context::BlockingCaller<T>) -> Self {
        caller.guest_context()
    }

    /// A context of another runtime, which has no such items.
    #[doc(hidden)]
    pub fn none() -> Self {
        Context(Kind::None)
    }

    pub(in crate::surface) fn of_thread(store: StoreContextMut<'a, StoreData>) -> Self {
        Context(Kind::Thread(store))
    }

    pub(in crate::surface) fn of_blocking(caller: &'a BlockingCaller<HostState>) -> Self {
        Context(Kind::Blocking(caller))
    }

    pub(in crate::surface) fn of_instance(instance: &'a Instance<HostState>) -> Self {
        Context(Kind::Instance(instance))
    }

    /// Returns the state that all threads of the instance share.
    pub(super) fn state(&self, item: Item<'_>) -> Result<&InstanceState<HostState>, Error> {
        let state: &InstanceState<HostState> = match &self.0 {
            Kind::Thread(store) => &store.data().instance,
            Kind::Instance(instance) => &instance.callable().running.state,
            Kind::Blocking(caller) => caller.state(),
            Kind::None => return Err(Error::OtherComponent(item.name.to_owned())),
        };
        check_component(&state.component, item)?;
        match state.outcome() {
            Some(outcome) => Err(outcome.error()),
            None => Ok(state),
        }
    }

    /// Does work that calls no guest code, and waits for it.
    pub(super) fn now<R: Send + 'static>(
        &mut self,
        item: Item<'_>,
        work: impl FnOnce(&mut StoreContextMut<'_, StoreData>) -> Result<R, Error> + Send + 'static,
    ) -> Result<R, Error> {
        if let Kind::Thread(store) = &mut self.0 {
            check(store.data(), item)?;
            return work(store);
        }
        let (result, work) = kept(work);
        self.wait(item, work)?;
        taken(&result)
    }

    /// Does work that may call guest code, and waits for it on the calling OS thread.
    pub(super) fn wait(&mut self, item: Item<'_>, work: Work<HostState>) -> Result<(), Error> {
        if on_worker() || matches!(self.0, Kind::Thread(_)) {
            return Err(Error::WaitOnWorker);
        }
        crate::scheduler::block_on(self.run(item, work))
    }

    /// Does work that may call guest code.
    pub(super) async fn run(&mut self, item: Item<'_>, work: Work<HostState>) -> Result<(), Error> {
        match &mut self.0 {
            Kind::Thread(store) => within(store, item, work).await,
            Kind::None => Err(Error::OtherComponent(item.name.to_owned())),
            Kind::Instance(instance) => {
                let callable = instance.callable();
                check_component(&callable.running.state.component, item)?;
                callable.work(item.place, item.name, work).await
            }
            Kind::Blocking(caller) => {
                let (sender, receiver) = async_channel::bounded(1);
                let (component, name, place) = (item.component.clone(), item.name.to_owned(), item.place);
                let request = caller.request(Box::new(move |mut store| {
                    Box::pin(async move {
                        let item = Item {
                            component: &component,
                            name: &name,
                            place,
                        };
                        let result = within(&mut store, item, work).await;
                        // The caller may be gone.
                        let _ = sender.try_send(result);
                    })
                }));
                let ended = || caller.ended();
                request.await.map_err(|_| ended())?;
                receiver.recv().await.unwrap_or_else(|_| Err(ended()))
            }
        }
    }
}

/// Does the work on the thread of this store. An error in guest code ends the program, even if the host function ignores it.
async fn within(
    store: &mut StoreContextMut<'_, StoreData>,
    item: Item<'_>,
    work: Work<HostState>,
) -> Result<(), Error> {
    check(store.data(), item)?;
    match work(store.as_context_mut()).await {
        Ok(()) => Ok(()),
        Err(WorkError::Host(error)) => Err(error),
        Err(WorkError::Guest(error)) => {
            let thread = store.data();
            let name = thread.instance.threads.name(thread.id);
            thread.control.end(Outcome::of(thread.id.index, name, error));
            Err(thread.instance.outcome().map_or(Error::Ended, Outcome::error))
        }
    }
}

fn check(thread: &StoreData, item: Item<'_>) -> Result<(), Error> {
    check_component(&thread.instance.component, item)?;
    item.place.check(thread, item.name)
}

fn check_component(component: &Component, item: Item<'_>) -> Result<(), Error> {
    match component.is(item.component) {
        true => Ok(()),
        false => Err(Error::OtherComponent(item.name.to_owned())),
    }
}

/// Where work puts its result.
pub(super) type Kept<R> = Arc<Mutex<Option<R>>>;

/// Makes work of a function, and the place for its result.
pub(super) fn kept<R: Send + 'static>(
    work: impl FnOnce(&mut StoreContextMut<'_, StoreData>) -> Result<R, Error> + Send + 'static,
) -> (Kept<R>, Work<HostState>) {
    let result = Kept::default();
    let of_work = Arc::clone(&result);
    let work: Work<HostState> = Box::new(move |mut store| {
        Box::pin(async move {
            keep(&of_work, work(&mut store)?);
            Ok(())
        })
    });
    (result, work)
}

pub(super) fn keep<R>(place: &Kept<R>, result: R) {
    *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
}

/// Takes the result that successful work has kept.
pub(super) fn taken<R>(place: &Kept<R>) -> Result<R, Error> {
    place
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
        .ok_or(Error::Ended)
}
