//! What a definition comes to once it is expanded, and how much a component may come to.

use crate::error::LowerError;

/// The greatest number of core instances that a component may come to.
const CORE_INSTANCES: u64 = 10_000;
/// The greatest number of definitions that a component may come to: each counts once for each instance of the component that it
/// is in, and an instance that is passed on, exported or aliased counts with all that it exports.
const DEFINITIONS: u64 = 200_000;
/// The greatest size of all types that a component may come to: each counts wherever it is used, with all that it refers to.
const TYPES: u64 = 1_000_000;

/// The size of an expanded definition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) core_instances: u64,
    pub(super) definitions: u64,
    pub(super) types: u64,
}

impl Size {
    pub(super) fn types(types: u64) -> Self {
        Size {
            types,
            ..Size::default()
        }
    }

    pub(super) fn definitions(definitions: u64) -> Self {
        Size {
            definitions,
            ..Size::default()
        }
    }

    pub(super) fn add(&mut self, other: Size) {
        self.core_instances = self.core_instances.saturating_add(other.core_instances);
        self.definitions = self.definitions.saturating_add(other.definitions);
        self.types = self.types.saturating_add(other.types);
    }

    /// Refuses a size beyond the limits, which was reached at `offset`.
    pub(super) fn check(&self, offset: u64) -> Result<(), LowerError> {
        let limits = [
            (
                "core instances",
                self.core_instances,
                CORE_INSTANCES,
                "instantiate fewer components",
            ),
            (
                "definitions",
                self.definitions,
                DEFINITIONS,
                "instantiate fewer components, or pass fewer instances to them",
            ),
            ("types", self.types, TYPES, "use fewer types that refer to other types"),
        ];
        match limits.into_iter().find(|(_, size, limit, _)| size > limit) {
            Some((name, _, limit, advice)) => Err(LowerError::Limit {
                name,
                limit,
                advice,
                offset,
            }),
            None => Ok(()),
        }
    }
}
