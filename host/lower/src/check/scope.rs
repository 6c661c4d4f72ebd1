//! What the validator does not keep of one component: where the items of the input are for it, and where they come from.

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
    /// For each core function of the input, the canonical definition that it is.
    pub builtins: Vec<Option<CheckedBuiltin>>,
    /// For each core instance of the input, its items if they are listed.
    pub inline: Vec<Option<InlineExports>>,
    pub stubs: Stubs,
}

/// The items of a core instance, by name, as kinds and indices of the input.
pub(super) type InlineExports = BTreeMap<String, (ExternalKind, u32)>;

/// The stubs of one component, as the validator counts them.
#[derive(Default)]
pub(super) struct Stubs {
    pub functions: HashMap<(bool, FuncType), u32>,
    pub memories: HashMap<(bool, Option<u32>), u32>,
}

/// A core function that a canonical definition is.
#[derive(Debug, Clone, Copy)]
pub(super) struct CheckedBuiltin {
    pub name: &'static str,
    /// That which gives its type.
    pub rule: Rule,
    pub sharing: Sharing,
}

/// At which types a definition may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharing {
    /// At its own.
    Fixed,
    /// It is unshared, and under [`Rules::Extended`] may be shared.
    Extended,
    /// The input does not say whether it is shared, and its form is one that means either. The index is one into
    /// [`Checker::uses_of_unsaid`](super::Checker::uses_of_unsaid).
    Unsaid(usize),
}

impl CheckedBuiltin {
    /// Whether it is right where a shared function is asked for, although it is unshared by its type.
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
    /// The canonical definition that an item of a core instance is.
    pub fn builtin(&self, instance: u32, name: &str) -> Option<CheckedBuiltin> {
        let exports = self.inline.get(instance as usize)?.as_ref()?;
        match exports.get(name)? {
            (ExternalKind::Func | ExternalKind::FuncExact, index) => *self.builtins.get(*index as usize)?,
            (ExternalKind::Table | ExternalKind::Memory | ExternalKind::Global | ExternalKind::Tag, _) => None,
        }
    }
}
