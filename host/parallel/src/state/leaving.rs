//! Whether the running component instance may be left: `realloc` and `post-return` functions may not call built-ins,
//! imports or other component instances (LV-01, LV-02).
//!
//! Each store has one call stack and one flag. If component instances call each other, the run-time module keeps the
//! flag in a global, which their adapters also read and write. Otherwise it is in the store's data.

use crate::error::trap;
use wasmtime::{AsContextMut, Global, Val};

/// Where a store's flag is.
#[derive(Clone, Copy)]
pub(crate) enum MayLeave {
    Here(bool),
    Exported(Global),
}

/// The data of a store that has such a flag.
pub(crate) trait HasMayLeave: 'static {
    fn may_leave(&mut self) -> &mut MayLeave;
}

impl MayLeave {
    /// The flag in the global that an instance of the run-time module exports, if it exports one.
    pub(crate) fn new(exported: Option<Global>) -> Self {
        exported.map_or(MayLeave::Here(true), MayLeave::Exported)
    }
}

/// Traps if the instance may not be left.
#[inline]
pub(crate) fn check<D: HasMayLeave>(store: impl AsContextMut<Data = D>) -> wasmtime::Result<()> {
    match may_leave(store) {
        true => Ok(()),
        false => Err(trap("cannot leave component instance")),
    }
}

/// Whether the instance may be left.
#[inline]
pub(crate) fn may_leave<D: HasMayLeave>(mut store: impl AsContextMut<Data = D>) -> bool {
    match *store.as_context_mut().data_mut().may_leave() {
        MayLeave::Here(may_leave) => may_leave,
        MayLeave::Exported(global) => !matches!(global.get(&mut store), Val::I32(0)),
    }
}

/// Sets whether the instance may be left.
#[inline]
pub(crate) fn set<D: HasMayLeave>(mut store: impl AsContextMut<Data = D>, may_leave: bool) -> wasmtime::Result<()> {
    let mut store = store.as_context_mut();
    match store.data_mut().may_leave() {
        MayLeave::Here(flag) => {
            *flag = may_leave;
            Ok(())
        }
        MayLeave::Exported(global) => {
            let global = *global;
            global.set(store, Val::I32(may_leave.into()))
        }
    }
}
