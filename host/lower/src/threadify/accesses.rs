//! Which global an instruction accesses. Scan uses this to find written globals, and emit to rewrite the accesses.

use wasmparser::Operator;

/// An access to a global.
#[derive(Debug, Clone, Copy)]
pub(super) struct GlobalAccess {
    pub global: u32,
    pub writes: bool,
}

impl GlobalAccess {
    /// The access that an instruction is, if it is one.
    pub fn of(operator: &Operator<'_>) -> Option<Self> {
        let (global, writes) = match *operator {
            Operator::GlobalGet { global_index } | Operator::GlobalAtomicGet { global_index, .. } => {
                (global_index, false)
            }
            Operator::GlobalSet { global_index }
            | Operator::GlobalAtomicSet { global_index, .. }
            | Operator::GlobalAtomicRmwAdd { global_index, .. }
            | Operator::GlobalAtomicRmwSub { global_index, .. }
            | Operator::GlobalAtomicRmwAnd { global_index, .. }
            | Operator::GlobalAtomicRmwOr { global_index, .. }
            | Operator::GlobalAtomicRmwXor { global_index, .. }
            | Operator::GlobalAtomicRmwXchg { global_index, .. }
            | Operator::GlobalAtomicRmwCmpxchg { global_index, .. } => (global_index, true),
            _ => return None,
        };
        Some(GlobalAccess { global, writes })
    }
}
