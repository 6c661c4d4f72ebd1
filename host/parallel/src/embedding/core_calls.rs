//! Work that the host does with core modules' items outside of its host functions: on a new implicit thread, as a call of an export.
//!
//! Work with what all threads share runs in a store of the pool, and overlaps with other calls. Other work takes turns in the store
//! of a home. Guest code that is called gets a stack first, by the functions of [`CoreEntry`](weft_lower::plan::CoreEntry).

use super::func::CallableInstance;
use crate::error::Error;
use crate::lifecycle::caller::Caller;
use crate::state::core_items::{ItemPlace, Work};
use crate::store::thread_store::ThreadStore;
use crate::threads::call_chain::CallChain;
use std::sync::Arc;

impl<T: Send + Sync + 'static> CallableInstance<T> {
    /// Does the work, and waits for it. If the future is dropped, work that has not begun never begins, and other work
    /// continues. `name` says what it is.
    pub(crate) async fn work(&self, place: ItemPlace, name: &str, work: Work<T>) -> Result<(), Error> {
        let running = &self.running;
        let component = &running.state.component;
        let plan = component.plan();
        let entry = plan.core_exports.entry.clone().filter(|_| place.calls);
        let (home, table) = (plan.home(place.instance), plan.thread_table(place.instance));
        let is_parallel = place.shared && entry.as_ref().is_none_or(|entry| entry.shared);
        if !is_parallel || component.engine().has_single_calls() {
            let body = |mut store: Box<ThreadStore<T>>, thread| async move {
                let result = store.work(thread, entry.as_ref(), work).await?;
                Ok((store, result))
            };
            return self.enter((home, table), || name.to_owned(), body).await?;
        }
        let thread = match running.add_call(table) {
            Ok(thread) => thread,
            Err(no_thread) => return Err(running.no_call(no_thread).await),
        };
        running.state.log_call(thread, || name.to_owned());
        let of_body = Arc::clone(running);
        let body = |caller: Caller| async move {
            let mut store = of_body.store(thread).await?;
            let result = match caller.waits() {
                true => Some(store.work(thread, entry.as_ref(), work).await?),
                false => None,
            };
            of_body.release(store);
            Ok(result)
        };
        running.run(thread, CallChain::current(), body, |result| result).await?
    }
}
