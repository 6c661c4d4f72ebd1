//! Interrupting the threads of one instance: what each store needs for it, and what an interrupted thread does.

use crate::engine::component::Component;
use crate::metrics::counters::Count;
use crate::state::slice::{SliceStart, begin_time_slice};
use crate::state::thread::{Caller, Thread};
use std::future::Future;
use std::sync::Arc;
use wasmtime::{Func, Store, UpdateDeadline};
use weft_interrupt::{Bodies, Pause, Target};

/// What interruption needs per instance. `None` with epochs.
pub(crate) struct Interruptions<T: 'static>(Option<(Bodies, Pause<Thread<T>>)>);

/// What interruption needs per store. `None` with epochs. Clones belong to the same store.
#[derive(Clone)]
pub(crate) struct StoreInterruption(Option<Arc<Target>>);

impl<T: Send + Sync + 'static> Interruptions<T> {
    pub(crate) fn new(component: &Component) -> wasmtime::Result<Self> {
        let Some(interrupter) = component.engine().interrupts().interrupter() else {
            return Ok(Interruptions(None));
        };
        let pause = interrupter.pause(|caller: Caller<'_, T>| Box::new(pause(caller)))?;
        Ok(Interruptions(Some((
            Bodies::of(interrupter, component.module()),
            pause,
        ))))
    }

    /// Prepares a store before the run-time module is instantiated in it. The instantiation can run code, which checks
    /// epochs.
    pub(crate) fn before_instance(&self, store: &mut Store<Thread<T>>) {
        if self.0.is_none() {
            check_epochs(store);
        }
    }

    /// Prepares a new store. `own` is a function without parameters and results of its instance of the run-time module.
    pub(crate) fn prepare(&self, store: &mut Store<Thread<T>>, own: Func) -> wasmtime::Result<StoreInterruption> {
        let Some((bodies, pause)) = &self.0 else {
            return Ok(StoreInterruption(None));
        };
        let number = store.data().instance.number;
        let target = pause.target(store, bodies, own, number)?;
        Ok(StoreInterruption(Some(Arc::new(target))))
    }
}

impl StoreInterruption {
    /// Runs a future that uses the store. Meanwhile, signals can interrupt the guest.
    pub(crate) async fn during<F: Future>(&self, call: F) -> F::Output {
        match &self.0 {
            Some(target) => target.interruptible(call).await,
            None => call.await,
        }
    }
}

/// What a thread does where a signal has interrupted it.
async fn pause<T: Send + Sync + 'static>(mut caller: Caller<'_, T>) -> wasmtime::Result<()> {
    let interrupts = caller.data().instance.engine().interrupts();
    let is_late = caller.data().slice == SliceStart(interrupts.ticks());
    if !is_late || caller.data().instance.outcome().is_some() {
        let instance = &caller.data().instance;
        instance.record.counters.here().count(Count::Preemption);
        instance.pause().await;
        begin_time_slice(&mut caller);
    }
    Ok(())
}

/// Makes the threads of a store yield at each new epoch; or, if threads are not preempted for others, at the first
/// epoch after the instance's end.
fn check_epochs<T: 'static>(store: &mut Store<Thread<T>>) {
    store.set_epoch_deadline(1);
    match store.data().instance.engine().interrupts().preempts {
        true => store.epoch_deadline_callback(|store| {
            let here = store.data().instance.record.counters.here();
            here.count(Count::Preemption);
            here.count(Count::Yield);
            Ok(UpdateDeadline::Yield(1))
        }),
        false => store.epoch_deadline_callback(|store| {
            Ok(match store.data().instance.outcome() {
                Some(_) => UpdateDeadline::Yield(1),
                None => UpdateDeadline::Continue(1),
            })
        }),
    }
}
