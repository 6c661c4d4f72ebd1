//! The index spaces of the core items of a component that is rewritten: which definitions add to which space.

use super::index_space::IndexSpace;
use std::collections::BTreeSet;
use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentOuterAliasKind, ComponentTypeRef, CoreType, ExternalKind,
};

/// The core items of one component, by kind.
#[derive(Default)]
pub(crate) struct CoreSpaces {
    pub functions: IndexSpace,
    pub tables: IndexSpace,
    pub memories: IndexSpace,
    pub modules: IndexSpace,
    pub instances: IndexSpace,
    pub types: IndexSpace,
    /// The functions, by the input's indices, that `canon lower` defines. Only unshare records them.
    pub lowered: BTreeSet<u32>,
}

impl CoreSpaces {
    /// An alias of the input that stands in the output as well.
    pub fn keep_alias(&mut self, alias: &ComponentAlias<'_>) {
        match alias {
            ComponentAlias::CoreInstanceExport { kind, .. } => match kind {
                ExternalKind::Func | ExternalKind::FuncExact => self.functions.keep(),
                ExternalKind::Table => self.tables.keep(),
                ExternalKind::Memory => self.memories.keep(),
                // Nothing that a component defines refers to these.
                ExternalKind::Global | ExternalKind::Tag => {}
            },
            ComponentAlias::InstanceExport { kind, .. } => self.keep_item(*kind),
            ComponentAlias::Outer { kind, .. } => match kind {
                ComponentOuterAliasKind::CoreModule => self.modules.keep(),
                ComponentOuterAliasKind::CoreType => self.types.keep(),
                ComponentOuterAliasKind::Type | ComponentOuterAliasKind::Component => {}
            },
        }
    }

    /// An import of the input that stands in the output as well.
    pub fn keep_import(&mut self, ty: ComponentTypeRef) {
        self.keep_item(ty.kind());
    }

    /// An item that an export of the input adds, and that stands in the output as well.
    pub fn keep_item(&mut self, kind: ComponentExternalKind) {
        match kind {
            ComponentExternalKind::Module => self.modules.keep(),
            ComponentExternalKind::Func
            | ComponentExternalKind::Value
            | ComponentExternalKind::Type
            | ComponentExternalKind::Instance
            | ComponentExternalKind::Component => {}
        }
    }

    /// The types that a definition of the input adds, and that stand in the output as well.
    pub fn keep_types(&mut self, ty: &CoreType<'_>) {
        let count = match ty {
            CoreType::Module(_) => 1,
            CoreType::Rec(group) => group.types().len(),
        };
        for _ in 0..count {
            self.types.keep();
        }
    }
}
