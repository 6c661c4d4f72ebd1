//! Canonical definitions, counted.

use super::{BuiltinReport, ContextSlot};
use crate::binary::definitions::CanonicalDefinition;
use crate::builtins::{CanonicalBuiltin, Threading};
use crate::error::LowerError;
use std::collections::BTreeMap;
use wasmparser::{CanonicalFunction, ValType};

/// The definitions that have been read.
#[derive(Default)]
pub(super) struct Definitions {
    counts: BTreeMap<(&'static str, Option<bool>, Option<String>), u32>,
    context: BTreeMap<u32, ContextSlot>,
}

impl Definitions {
    /// Counts a definition.
    pub(super) fn add(&mut self, definition: &CanonicalDefinition<'_>) -> Result<(), LowerError> {
        let Some(builtin) = CanonicalBuiltin::of(definition.function) else {
            return Ok(());
        };
        match *definition.function {
            CanonicalFunction::ContextGet { ty, slot } => self.slot(slot, ty).get = true,
            CanonicalFunction::ContextSet { ty, slot } => self.slot(slot, ty).set = true,
            _ => {}
        }
        let (shared, argument) = match builtin.row().threads {
            // A start is what its type says. Validation refuses one without a type.
            Threading::Starts(_) => {
                let start = definition.start_type()?;
                let parameter = start.and_then(|start| start.parameter);
                (
                    start.map(|start| start.shared),
                    parameter.map(|parameter| parameter.to_string()),
                )
            }
            Threading::PreemptiveIfShared => (Some(definition.shared.unwrap_or(true)), None),
            Threading::Switches | Threading::Unsaid => (None, None),
        };
        *self.counts.entry((builtin.name(), shared, argument)).or_default() += 1;
        Ok(())
    }

    fn slot(&mut self, slot: u32, ty: ValType) -> &mut ContextSlot {
        self.context.entry(slot).or_insert_with(|| ContextSlot {
            slot,
            ty: ty.to_string(),
            get: false,
            set: false,
        })
    }

    pub(super) fn finish(self) -> (Vec<BuiltinReport>, Vec<ContextSlot>) {
        let builtins = self.counts.into_iter();
        let builtins = builtins.map(|((name, shared, argument), count)| BuiltinReport {
            name: name.to_owned(),
            shared,
            argument,
            count,
        });
        (builtins.collect(), self.context.into_values().collect())
    }
}
