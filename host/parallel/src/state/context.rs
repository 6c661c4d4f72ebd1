//! The context slots of the thread that a store serves.
//!
//! The run-time module keeps the slots in mutable globals. Each new task finds zeros in them: a thread that starts, the
//! thread of a call, and `realloc`, which is a task of its own within another one ([`CTX-09`, `CTX-10`, `CTX-14`]).
//!
//! [`CTX-09`, `CTX-10`, `CTX-14`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#thread-state

use crate::error::{lacks, trap};
use std::sync::Arc;
use wasmtime::{AsContextMut, Global, Instance, Val, ValType};

/// The globals. Clones refer to the same globals.
#[derive(Clone, Default)]
pub(crate) struct ContextSlots(Arc<[ContextSlot]>);

/// A context slot, and the zero of its type.
struct ContextSlot {
    global: Global,
    zero: Val,
}

/// What the slots of a task contain.
pub(crate) struct SavedContext(Vec<Val>);

impl ContextSlots {
    /// The slots of an instance of the run-time module that exports them by these names.
    pub(crate) fn of(mut store: impl AsContextMut, instance: &Instance, exports: &[String]) -> wasmtime::Result<Self> {
        let slots = exports.iter().map(|export| {
            let global = instance.get_global(&mut store, export);
            let global = global.ok_or_else(|| lacks(export))?;
            let zero = match global.ty(&mut store).content() {
                ValType::I32 => Val::I32(0),
                ValType::I64 => Val::I64(0),
                other => return Err(trap(format_args!("context slot `{export}` is of type {other}"))),
            };
            Ok(ContextSlot { global, zero })
        });
        Ok(ContextSlots(slots.collect::<wasmtime::Result<_>>()?))
    }

    /// Clears the slots for a new task.
    pub(crate) fn clear(&self, mut store: impl AsContextMut) -> wasmtime::Result<()> {
        self.0
            .iter()
            .try_for_each(|slot| slot.global.set(&mut store, slot.zero))
    }

    /// Clears the slots for a new task, and returns their previous contents.
    pub(crate) fn interrupt(&self, mut store: impl AsContextMut) -> wasmtime::Result<SavedContext> {
        let saved = self.values(&mut store);
        self.clear(store)?;
        Ok(saved)
    }

    /// The contents of the slots.
    pub(crate) fn values(&self, mut store: impl AsContextMut) -> SavedContext {
        SavedContext(self.0.iter().map(|slot| slot.global.get(&mut store)).collect())
    }

    /// Sets the slots to what they were before [`Self::interrupt`], or to the contents of another store's slots.
    pub(crate) fn restore(&self, mut store: impl AsContextMut, saved: SavedContext) -> wasmtime::Result<()> {
        let mut slots = self.0.iter().zip(saved.0);
        slots.try_for_each(|(slot, value)| slot.global.set(&mut store, value))
    }
}
