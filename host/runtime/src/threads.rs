//! A program's thread table.
//!
//! Indices are given as the specification's table gives them: the one freed last first, and never 0 ([`Table.add`]).
//!
//! [`Table.add`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#table-state

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// The threads that are alive.
#[derive(Default)]
pub(crate) struct ThreadTable {
    state: Mutex<State>,
    /// Notified when the last thread is gone.
    empty: event_listener::Event,
}

#[derive(Default)]
struct State {
    /// By index less one: how to reach the thread, once it has run.
    threads: Vec<Option<Waker>>,
    free: Vec<u32>,
    live: u32,
}

impl ThreadTable {
    /// Enters a new thread, unless there are `limit` already.
    pub(crate) fn add(&self, limit: u32) -> Option<u32> {
        let mut state = self.lock();
        if state.live >= limit {
            return None;
        }
        state.live += 1;
        if let Some(index) = state.free.pop() {
            return Some(index);
        }
        state.threads.push(None);
        Some(state.threads.len() as u32)
    }

    /// Makes a thread known that runs for the first time, so that [`Self::wake_all`] reaches it.
    pub(crate) fn started(&self, index: u32, waker: &Waker) {
        self.lock().threads[index as usize - 1] = Some(waker.clone());
    }

    /// Removes a thread that has ended.
    pub(crate) fn remove(&self, index: u32) {
        let mut state = self.lock();
        let waker = state.threads[index as usize - 1].take();
        state.free.push(index);
        state.live -= 1;
        let empty = state.live == 0;
        drop(state);
        drop(waker);
        if empty {
            self.empty.notify(usize::MAX);
        }
    }

    /// Has every thread polled once more.
    pub(crate) fn wake_all(&self) {
        let wakers = self.lock().threads.iter().flatten().cloned().collect::<Vec<_>>();
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Waits until there is no thread.
    pub(crate) async fn empty(&self) {
        loop {
            let listener = self.empty.listen();
            if self.lock().live == 0 {
                return;
            }
            listener.await;
        }
    }

    /// The table is consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_start_at_one_and_the_one_freed_last_is_reused_first() {
        let table = ThreadTable::default();
        assert_eq!([table.add(9), table.add(9), table.add(9)], [Some(1), Some(2), Some(3)]);
        table.remove(1);
        table.remove(2);
        assert_eq!([table.add(9), table.add(9), table.add(9)], [Some(2), Some(1), Some(4)]);
    }

    #[test]
    fn the_limit_counts_live_threads() {
        let table = ThreadTable::default();
        assert_eq!([table.add(1), table.add(1)], [Some(1), None]);
        table.remove(1);
        assert_eq!(table.add(1), Some(1));
    }
}
