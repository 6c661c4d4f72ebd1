//! The time slice of a thread: how long it has run since it last gave up its core.
//!
//! With signals, an interrupted thread compares the current number of ticks with the number at the start of its slice,
//! because a signal may arrive late. With epochs, the engine compares its epoch with the store's deadline.

use crate::interruption::Interrupts;
use wasmtime::AsContextMut;

/// When the time slice of a thread began, in ticks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SliceStart(pub(crate) u64);

/// The data of a store whose thread has a time slice.
pub(crate) trait HasSlice: 'static {
    fn slice(&mut self) -> &mut SliceStart;

    /// What interrupts the threads of the store's engine.
    fn interrupts(&self) -> &Interrupts;
}

/// Gives the thread of a store a full time slice from now on.
pub(crate) fn begin_time_slice<D: HasSlice>(mut store: impl AsContextMut<Data = D>) {
    let mut store = store.as_context_mut();
    let interrupts = store.data().interrupts();
    match interrupts.interrupter() {
        Some(_) => {
            let ticks = interrupts.ticks();
            *store.data_mut().slice() = SliceStart(ticks);
        }
        None => store.set_epoch_deadline(1),
    }
}
