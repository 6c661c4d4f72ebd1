//! What the validator does not keep for a component: the validator's indices of the input's items, and where the items
//! come from.

use super::rules::Rules;
use crate::binary::core_spaces::CoreSpaces;
use crate::builtins::{CanonicalBuiltin, definition_name};
use crate::rules::Rule;
use std::collections::{BTreeMap, HashMap};
use wasmparser::{CanonicalFunction, ExternalKind, FuncType};

/// One component.
#[derive(Default)]
pub(super) struct Scope {
    pub core: CoreSpaces,
    /// For each core function of the input, its canonical definition, if it has one.
    pub builtins: Vec<Option<CheckedBuiltin>>,
    /// For each core instance of the input, its items if they are listed.
    pub inline: Vec<Option<InlineExports>>,
    pub stubs: Stubs,
}

/// The items of a core instance, by name, as kinds and indices of the input.
pub(super) type InlineExports = BTreeMap<String, (ExternalKind, u32)>;

/// The stubs of one component, with the validator's indices.
#[derive(Default)]
pub(super) struct Stubs {
    pub functions: HashMap<(bool, FuncType), u32>,
    pub memories: HashMap<(bool, Option<u32>), u32>,
}

/// A core function that a canonical definition defines.
#[derive(Debug, Clone, Copy)]
pub(super) struct CheckedBuiltin {
    pub name: &'static str,
    /// The rule that gives its type.
    pub rule: Rule,
    pub sharing: Sharing,
}

/// At which types a definition may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharing {
    /// Only at its own type.
    Fixed,
    /// At its unshared type, and under [`Rules::Extended`] also at the shared one.
    Extended,
    /// The input does not say whether it is shared, and its form allows both. The value is an index into
    /// [`Checker::uses_of_unsaid`](super::Checker::uses_of_unsaid).
    Unsaid(usize),
}

impl CheckedBuiltin {
    /// Whether it may be used where a shared function is required, although its type is unshared.
    pub fn may_be_shared(self, rules: Rules) -> bool {
        match self.sharing {
            Sharing::Fixed => false,
            Sharing::Extended => rules == Rules::Extended,
            Sharing::Unsaid(_) => true,
        }
    }

    pub fn of(definition: &CanonicalFunction) -> Self {
        let rule = CanonicalBuiltin::of(definition).map_or(Rule::Setv23, |builtin| builtin.row().rule);
        CheckedBuiltin {
            name: definition_name(definition),
            rule,
            sharing: Sharing::Extended,
        }
    }
}

impl Scope {
    /// The canonical definition of an item of a core instance.
    pub fn builtin(&self, instance: u32, name: &str) -> Option<CheckedBuiltin> {
        let exports = self.inline.get(instance as usize)?.as_ref()?;
        match exports.get(name)? {
            (ExternalKind::Func | ExternalKind::FuncExact, index) => *self.builtins.get(*index as usize)?,
            (ExternalKind::Table | ExternalKind::Memory | ExternalKind::Global | ExternalKind::Tag, _) => None,
        }
    }
}
