//! SETV-11 for component items: checks arguments of instances, and exports with a declared type.
//!
//! Compares core modules item by item, however they are nested in instances and components. The validator also compares
//! them, but not whether globals are shared, and it does not name the rule.

use super::Checker;
use super::refusal::broken;
use crate::error::LowerError;
use crate::rules::Rule;
use wasmparser::collections::IndexMap;
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentCoreTypeId, ComponentEntityType, ComponentItem, ModuleType,
};
use wasmparser::types::{CoreTypeId, EntityType, TypesRef};
use wasmparser::{ComponentExport, ComponentExternalKind, ComponentInstantiationArg, ComponentTypeRef, TypeBounds};

impl Checker<'_> {
    pub(super) fn check_component_arguments(
        &self,
        component: u32,
        arguments: &[ComponentInstantiationArg<'_>],
        offset: usize,
    ) -> Result<(), LowerError> {
        let types = self.types()?;
        if component >= types.component_count() {
            return Ok(());
        }
        let imports = &types[types.component_at(component)].imports;
        for argument in arguments {
            let (Some(given), Some(wanted)) = (self.given(argument.kind, argument.index)?, imports.get(argument.name))
            else {
                continue;
            };
            refuse_mismatch(
                types,
                given,
                wanted.ty,
                &format!("argument `{}`", argument.name),
                offset,
            )?;
        }
        Ok(())
    }

    pub(super) fn check_ascription(&self, export: &ComponentExport<'_>, offset: usize) -> Result<(), LowerError> {
        let (Some(given), Some(ty)) = (self.given(export.kind, export.index)?, export.ty) else {
            return Ok(());
        };
        let types = self.types()?;
        match ascribed(types, ty) {
            Some(wanted) => refuse_mismatch(types, given, wanted, &format!("export `{}`", export.name.name), offset),
            None => Ok(()),
        }
    }

    /// The type of an item, if the item exists and may contain core modules.
    fn given(&self, kind: ComponentExternalKind, index: u32) -> Result<Option<ComponentEntityType>, LowerError> {
        let types = self.types()?;
        Ok(match kind {
            ComponentExternalKind::Module => {
                let index = self.scopes.last().and_then(|scope| scope.core.modules.get(index));
                index.map(|index| ComponentEntityType::Module(types.module_at(index)))
            }
            ComponentExternalKind::Instance => (index < types.component_instance_count())
                .then(|| ComponentEntityType::Instance(types.component_instance_at(index))),
            ComponentExternalKind::Component => {
                (index < types.component_count()).then(|| ComponentEntityType::Component(types.component_at(index)))
            }
            ComponentExternalKind::Type => any_type(types, index),
            ComponentExternalKind::Func | ComponentExternalKind::Value => None,
        })
    }
}

/// The declared type of an export, if there is one and it may contain core modules.
fn ascribed(types: TypesRef<'_>, ty: ComponentTypeRef) -> Option<ComponentEntityType> {
    match ty {
        ComponentTypeRef::Module(index) if index < types.core_type_count_in_component() => {
            match types.core_type_at_in_component(index) {
                ComponentCoreTypeId::Module(id) => Some(ComponentEntityType::Module(id)),
                ComponentCoreTypeId::Sub(_) => None,
            }
        }
        ComponentTypeRef::Instance(index) | ComponentTypeRef::Component(index) => of_type(any_type(types, index)?),
        ComponentTypeRef::Type(TypeBounds::Eq(index)) => any_type(types, index),
        ComponentTypeRef::Module(_)
        | ComponentTypeRef::Func(_)
        | ComponentTypeRef::Value(_)
        | ComponentTypeRef::Type(TypeBounds::SubResource) => None,
    }
}

fn any_type(types: TypesRef<'_>, index: u32) -> Option<ComponentEntityType> {
    (index < types.component_type_count()).then(|| {
        let ty = types.component_any_type_at(index);
        ComponentEntityType::Type {
            referenced: ty,
            created: ty,
        }
    })
}

/// An item of the type that a type item is.
fn of_type(ty: ComponentEntityType) -> Option<ComponentEntityType> {
    match ty {
        ComponentEntityType::Type { referenced, .. } => match referenced {
            ComponentAnyTypeId::Instance(id) => Some(ComponentEntityType::Instance(id)),
            ComponentAnyTypeId::Component(id) => Some(ComponentEntityType::Component(id)),
            ComponentAnyTypeId::Resource(_) | ComponentAnyTypeId::Defined(_) | ComponentAnyTypeId::Func(_) => None,
        },
        ComponentEntityType::Module(_)
        | ComponentEntityType::Func(_)
        | ComponentEntityType::Value(_)
        | ComponentEntityType::Instance(_)
        | ComponentEntityType::Component(_) => None,
    }
}

fn refuse_mismatch(
    types: TypesRef<'_>,
    given: ComponentEntityType,
    wanted: ComponentEntityType,
    what: &str,
    offset: usize,
) -> Result<(), LowerError> {
    let Some(path) = mismatch(types, given, wanted) else {
        return Ok(());
    };
    let message = format!(
        "{what}: `{path}` is shared in only one of the expected type and the argument's type: make both shared or neither"
    );
    Err(broken(Rule::Setv11, offset, message))
}

/// The path of the first item that is shared in only one of two types: the names around it, then its own.
fn mismatch(types: TypesRef<'_>, given: ComponentEntityType, wanted: ComponentEntityType) -> Option<String> {
    match (given, wanted) {
        (ComponentEntityType::Module(given), ComponentEntityType::Module(wanted)) => {
            module_mismatch(types, &types[given], &types[wanted])
        }
        (ComponentEntityType::Instance(given), ComponentEntityType::Instance(wanted)) => {
            items_mismatch(types, &types[given].exports, &types[wanted].exports)
        }
        (ComponentEntityType::Component(given), ComponentEntityType::Component(wanted)) => {
            let (given, wanted) = (&types[given], &types[wanted]);
            items_mismatch(types, &given.imports, &wanted.imports)
                .or_else(|| items_mismatch(types, &given.exports, &wanted.exports))
        }
        (given @ ComponentEntityType::Type { .. }, wanted @ ComponentEntityType::Type { .. }) => {
            mismatch(types, of_type(given)?, of_type(wanted)?)
        }
        _ => None,
    }
}

fn items_mismatch(
    types: TypesRef<'_>,
    given: &IndexMap<String, ComponentItem>,
    wanted: &IndexMap<String, ComponentItem>,
) -> Option<String> {
    given.iter().find_map(|(name, given)| {
        let inner = mismatch(types, given.ty, wanted.get(name)?.ty)?;
        Some(format!("{name}/{inner}"))
    })
}

pub(super) fn module_mismatch(types: TypesRef<'_>, given: &ModuleType, wanted: &ModuleType) -> Option<String> {
    let exports = wanted
        .exports
        .iter()
        .map(|(name, ty)| (name, given.exports.get(name), ty));
    let imports = given
        .imports
        .iter()
        .map(|(name, ty)| (&name.1, wanted.imports.get(name), ty));
    let mut items = exports.chain(imports);
    let found = items.find(|(_, one, other)| one.is_some_and(|one| given_shared(types, one, other).is_some()));
    found.map(|(name, ..)| name.clone())
}

pub(super) fn function(ty: &EntityType) -> Option<CoreTypeId> {
    match ty {
        EntityType::Func(id) | EntityType::FuncExact(id) => Some(*id),
        EntityType::Table(_) | EntityType::Memory(_) | EntityType::Global(_) | EntityType::Tag(_) => None,
    }
}

/// If only one of two items of a kind is shared, whether that is the given one.
pub(super) fn given_shared(types: TypesRef<'_>, given: &EntityType, wanted: &EntityType) -> Option<bool> {
    let (given, wanted) = match (given, wanted) {
        (EntityType::Table(given), EntityType::Table(wanted)) => (given.shared, wanted.shared),
        (EntityType::Memory(given), EntityType::Memory(wanted)) => (given.shared, wanted.shared),
        (EntityType::Global(given), EntityType::Global(wanted)) => (given.shared, wanted.shared),
        (EntityType::Tag(given), EntityType::Tag(wanted)) => (is_shared(types, *given), is_shared(types, *wanted)),
        (given, wanted) => (is_shared(types, function(given)?), is_shared(types, function(wanted)?)),
    };
    (given != wanted).then_some(given)
}

pub(super) fn is_shared(types: TypesRef<'_>, id: CoreTypeId) -> bool {
    types[id].composite_type.shared
}
