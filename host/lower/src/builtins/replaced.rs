//! What the definitions say that a [stand-in](crate::unshare) or a shim replaces.
//!
//! **Problem.** wasmparser has one enum for all canonical definitions. A `match` on it in each pass that replaces some
//! of them would end with an arm for all others, and that arm would hide a new one. **Here**, the row
//! of a built-in that is replaced also says how to read its definition as a [`Replaced`]. The passes match on that,
//! without a catch-all arm.

use wasmparser::{CanonicalFunction, ValType};

/// The definition of a built-in that is replaced. Types and tables are indices.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Replaced {
    SpawnRef { ty: u32 },
    SpawnIndirect { ty: u32, table: u32 },
    NewIndirect { ty: u32, table: u32 },
    AvailableParallelism,
    Context { ty: ValType, slot: u32, set: bool },
}

pub(super) fn spawn_ref(definition: &CanonicalFunction) -> Option<Replaced> {
    match *definition {
        CanonicalFunction::ThreadSpawnRef { func_ty_index: ty } => Some(Replaced::SpawnRef { ty }),
        _ => None,
    }
}

pub(super) fn spawn_indirect(definition: &CanonicalFunction) -> Option<Replaced> {
    match *definition {
        CanonicalFunction::ThreadSpawnIndirect {
            func_ty_index: ty,
            table_index: table,
        } => Some(Replaced::SpawnIndirect { ty, table }),
        _ => None,
    }
}

pub(super) fn new_indirect(definition: &CanonicalFunction) -> Option<Replaced> {
    match *definition {
        CanonicalFunction::ThreadNewIndirect {
            func_ty_index: ty,
            table_index: table,
        } => Some(Replaced::NewIndirect { ty, table }),
        _ => None,
    }
}

pub(super) fn available_parallelism(definition: &CanonicalFunction) -> Option<Replaced> {
    match definition {
        CanonicalFunction::ThreadAvailableParallelism => Some(Replaced::AvailableParallelism),
        _ => None,
    }
}

pub(super) fn context(definition: &CanonicalFunction) -> Option<Replaced> {
    match *definition {
        CanonicalFunction::ContextGet { ty, slot } => Some(Replaced::Context { ty, slot, set: false }),
        CanonicalFunction::ContextSet { ty, slot } => Some(Replaced::Context { ty, slot, set: true }),
        _ => None,
    }
}
