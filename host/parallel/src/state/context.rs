//! The context slots of the thread that a store serves.
//!
//! The run-time module keeps the slots in mutable globals. Each new task finds zeros in them: a thread that starts, the
//! thread of a call, and `realloc`, which is a task of its own within another one ([`CTX-09`, `CTX-10`, `CTX-14`]).
//!
//! [`CTX-09`, `CTX-10`, `CTX-14`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#thread-state

use wasmtime::{Global, StoreContextMut, Val};

/// The globals.
#[derive(Default)]
pub(crate) struct ContextSlots(Box<[ContextSlot]>);

/// A context slot, and the zero of its type.
#[derive(Clone, Copy)]
struct ContextSlot {
    global: Global,
    zero: Val,
}

/// The data of a store that has such slots.
pub(crate) trait HasContext: 'static {
    fn context(&self) -> &ContextSlots;
}

/// What the slots of a task contain.
pub(crate) struct SavedContext(Vec<Val>);

impl ContextSlots {
    /// These globals, each with the zero of its type.
    pub(crate) fn new(slots: Vec<(Global, Val)>) -> Self {
        let slots = slots.into_iter().map(|(global, zero)| ContextSlot { global, zero });
        ContextSlots(slots.collect())
    }
}

/// Clears the slots of a store for a new task.
pub(crate) fn clear<D: HasContext>(store: &mut StoreContextMut<'_, D>) -> wasmtime::Result<()> {
    each(store, |store, slot| slot.global.set(store, slot.zero))
}

/// Clears the slots of a store for a new task, and returns their previous contents.
pub(crate) fn interrupt<D: HasContext>(store: &mut StoreContextMut<'_, D>) -> wasmtime::Result<SavedContext> {
    let saved = values(store);
    clear(store)?;
    Ok(saved)
}

/// The contents of the slots of a store.
pub(crate) fn values<D: HasContext>(store: &mut StoreContextMut<'_, D>) -> SavedContext {
    let slots = 0..store.data().context().0.len();
    SavedContext(
        slots
            .filter_map(|position| {
                let slot = slot(store, position)?;
                Some(slot.global.get(&mut *store))
            })
            .collect(),
    )
}

/// Sets the slots of a store to what they were before [`interrupt`], or to the contents of another store's slots.
pub(crate) fn restore<D: HasContext>(store: &mut StoreContextMut<'_, D>, saved: SavedContext) -> wasmtime::Result<()> {
    let mut saved = saved.0.into_iter();
    each(store, |store, slot| match saved.next() {
        Some(value) => slot.global.set(store, value),
        None => Ok(()),
    })
}

/// Does something with each slot of a store.
fn each<D: HasContext>(
    store: &mut StoreContextMut<'_, D>,
    mut work: impl FnMut(&mut StoreContextMut<'_, D>, ContextSlot) -> wasmtime::Result<()>,
) -> wasmtime::Result<()> {
    let slots = 0..store.data().context().0.len();
    for position in slots {
        if let Some(slot) = slot(store, position) {
            work(store, slot)?;
        }
    }
    Ok(())
}

/// Copies a slot: the store cannot lend it while the slot's global is used.
fn slot<D: HasContext>(store: &StoreContextMut<'_, D>, position: usize) -> Option<ContextSlot> {
    store.data().context().0.get(position).copied()
}
