//! Canonical definitions, counted; and the start types that say how threads are spawned.

use super::{Builtin, ContextSlot, names};
use std::collections::BTreeMap;
use wasmparser::{CanonicalFunction, CompositeInnerType, SubType, ValType};

/// What of a core type matters where a thread is started.
#[derive(Debug, Clone)]
pub(super) struct StartType {
    shared: bool,
    /// The type of the one parameter. A type of another form starts no thread.
    argument: Option<String>,
}

impl StartType {
    pub(super) fn of(ty: &SubType) -> StartType {
        let argument = match &ty.composite_type.inner {
            CompositeInnerType::Func(ty) => match ty.params() {
                [argument] => Some(argument.to_string()),
                _ => None,
            },
            _ => None,
        };
        StartType {
            shared: ty.composite_type.shared,
            argument,
        }
    }
}

/// The definitions that have been read.
pub(super) struct Definitions<'a> {
    /// Of the definitions to come, what was said of them that the binary does not say: see [`Decoded`](crate::decode::Decoded).
    immediates: std::slice::Iter<'a, Option<bool>>,
    counts: BTreeMap<(&'static str, Option<bool>, Option<String>), u32>,
    context: BTreeMap<u32, ContextSlot>,
}

impl<'a> Definitions<'a> {
    pub(super) fn new(immediates: &'a [Option<bool>]) -> Self {
        Definitions {
            immediates: immediates.iter(),
            counts: BTreeMap::new(),
            context: BTreeMap::new(),
        }
    }

    /// Counts a definition. `types` are the core types that it may name.
    pub(super) fn add(&mut self, definition: &CanonicalFunction, types: &[Option<StartType>]) {
        let Some(name) = names::builtin(definition) else {
            return;
        };
        let start = |index: u32| match types.get(index as usize) {
            Some(Some(start)) => (Some(start.shared), start.argument.clone()),
            // Validation refuses it.
            _ => (None, None),
        };
        let (shared, argument) = match *definition {
            // A spawn is what its start type says.
            CanonicalFunction::ThreadSpawnRef { func_ty_index }
            | CanonicalFunction::ThreadSpawnIndirect { func_ty_index, .. } => {
                self.immediates.next();
                start(func_ty_index)
            }
            CanonicalFunction::ThreadNewIndirect { func_ty_index, .. } => start(func_ty_index),
            CanonicalFunction::ThreadAvailableParallelism => {
                let shared = self.immediates.next().copied().flatten();
                (Some(shared.unwrap_or(true)), None)
            }
            CanonicalFunction::ContextGet { ty, slot } => {
                self.slot(slot, ty).get = true;
                (None, None)
            }
            CanonicalFunction::ContextSet { ty, slot } => {
                self.slot(slot, ty).set = true;
                (None, None)
            }
            _ => (None, None),
        };
        *self.counts.entry((name, shared, argument)).or_default() += 1;
    }

    fn slot(&mut self, slot: u32, ty: ValType) -> &mut ContextSlot {
        self.context.entry(slot).or_insert_with(|| ContextSlot {
            slot,
            ty: ty.to_string(),
            get: false,
            set: false,
        })
    }

    pub(super) fn finish(self) -> (Vec<Builtin>, Vec<ContextSlot>) {
        let builtins = self.counts.into_iter();
        let builtins = builtins.map(|((name, shared, argument), count)| Builtin {
            name: name.to_owned(),
            shared,
            argument,
            count,
        });
        (builtins.collect(), self.context.into_values().collect())
    }
}
