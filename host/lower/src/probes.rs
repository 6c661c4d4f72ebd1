//! Small components that each find out whether a linker has one import.
//!
//! **Problem.** Wasmtime's linker reports what it lacks only for a compiled component, and compiling takes long. There
//! is no lookup by name that also matches later minor versions. **Before:**
//!
//! ```wat
//! (component
//!   (import "wasi:http/types@0.2.0" (instance (export "fields" (type (sub resource))) (export "f" (func ..))))
//!   ..)
//! ```
//!
//! **After:** for each import, components without code that import the same name, each with one function or resource:
//!
//! ```wat
//! (component (import "wasi:http/types@0.2.0" (instance (export "f" (func)))))
//! ```
//!
//! A linker that lacks the name says that it is missing; one that has it says nothing, or that the type is another.
//!
//! **Rejected:** the component itself with empty functions (large ones have tens of thousands of them).

use crate::binary::outermost;
use crate::error::LowerError;
use std::collections::HashSet;
use wasm_encoder::{
    Component, ComponentImportSection, ComponentTypeRef, ComponentTypeSection, ComponentValType, InstanceType,
    TypeBounds,
};
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType, ComponentInstanceTypeId, ResourceId};
use wasmparser::types::TypesRef;

const NO_PARAMETERS: [(&str, ComponentValType); 0] = [];

/// A component that imports one name.
#[derive(Debug)]
pub struct Probe {
    /// The import's name.
    pub name: String,
    /// The item of the imported instance that is asked for, if the import is an instance.
    pub item: Option<String>,
    /// The component.
    pub wasm: Vec<u8>,
}

/// Makes probes for each import of a component that a linker must supply and that is no core module. The component is
/// in the unshared form: the validator refuses built-ins that stock tools lack.
pub(crate) fn probes(component: &[u8]) -> Result<Vec<Probe>, LowerError> {
    let types = outermost::types(component)?;
    let mut probes = Vec::new();
    // The resource types that earlier imports have. An interface that uses one of them exports it too, and the host defines it once.
    let mut known = HashSet::new();
    for (_, import) in outermost::imports(component)? {
        let name = import.name.name;
        let Some(item) = types.component_item_for_import(name) else {
            continue;
        };
        if let ComponentEntityType::Instance(instance) = item.ty {
            probes.extend(of_instance(types.as_ref(), name, instance, &mut known));
        } else if !is_known(&item.ty, &mut known)
            && let Some(wasm) = probe(name, &item.ty)
        {
            let name = name.to_owned();
            probes.push(Probe { name, item: None, wasm });
        }
    }
    Ok(probes)
}

/// Whether it is a resource type that an earlier import has: a world that uses a type of an interface imports it again, as an equal type.
/// From now on, it is one.
fn is_known(ty: &ComponentEntityType, known: &mut HashSet<ResourceId>) -> bool {
    match ty {
        ComponentEntityType::Type {
            created: ComponentAnyTypeId::Resource(id),
            ..
        } => !known.insert(id.resource()),
        ComponentEntityType::Type { .. }
        | ComponentEntityType::Func(_)
        | ComponentEntityType::Value(_)
        | ComponentEntityType::Module(_)
        | ComponentEntityType::Component(_)
        | ComponentEntityType::Instance(_) => false,
    }
}

fn probe(name: &str, ty: &ComponentEntityType) -> Option<Vec<u8>> {
    let mut section = ComponentTypeSection::new();
    let import = match ty {
        ComponentEntityType::Func(_) => {
            section.function().params(NO_PARAMETERS).result(None);
            ComponentTypeRef::Func(0)
        }
        // No runtime takes a component: it is refused by name when the component that imports it is compiled.
        ComponentEntityType::Component(_) => return None,
        ComponentEntityType::Type {
            created: ComponentAnyTypeId::Resource(_),
            ..
        } => ComponentTypeRef::Type(TypeBounds::SubResource),
        // Other types are not supplied, nor are values.
        ComponentEntityType::Type { .. }
        | ComponentEntityType::Value(_)
        | ComponentEntityType::Module(_)
        | ComponentEntityType::Instance(_) => {
            return None;
        }
    };
    Some(importing(&section, name, import))
}

/// A component with an import of a type in `section`.
fn importing(section: &ComponentTypeSection, name: &str, import: ComponentTypeRef) -> Vec<u8> {
    let mut component = Component::new();
    if !section.is_empty() {
        component.section(section);
    }
    let mut imports = ComponentImportSection::new();
    imports.import(name, import);
    component.section(&imports);
    component.finish()
}

/// Probes for each function of an instance, or for a resource of its own if it has no functions.
fn of_instance(
    types: TypesRef<'_>,
    name: &str,
    instance: ComponentInstanceTypeId,
    known: &mut HashSet<ResourceId>,
) -> Vec<Probe> {
    let exports = &types[instance].exports;
    let with = |item: &str, ty: InstanceType| {
        let mut section = ComponentTypeSection::new();
        section.instance(&ty);
        Probe {
            name: name.to_owned(),
            item: Some(item.to_owned()),
            wasm: importing(&section, name, ComponentTypeRef::Instance(0)),
        }
    };
    // A name in brackets is one of a resource's method, whose type would have to name the resource.
    let functions = exports
        .iter()
        .filter(|(name, item)| matches!(item.ty, ComponentEntityType::Func(_)) && !name.starts_with('['));
    let resources: Vec<&String> = exports
        .iter()
        .filter_map(|(item, export)| match export.ty {
            ComponentEntityType::Type {
                created: ComponentAnyTypeId::Resource(id),
                ..
            } => known.insert(id.resource()).then_some(item),
            ComponentEntityType::Type { .. }
            | ComponentEntityType::Func(_)
            | ComponentEntityType::Value(_)
            | ComponentEntityType::Module(_)
            | ComponentEntityType::Component(_)
            | ComponentEntityType::Instance(_) => None,
        })
        .collect();
    let functions: Vec<Probe> = functions
        .map(|(item, _)| {
            let mut ty = InstanceType::new();
            ty.ty().function().params(NO_PARAMETERS).result(None);
            ty.export(item, ComponentTypeRef::Func(0));
            with(item, ty)
        })
        .collect();
    if !functions.is_empty() {
        return functions;
    }
    let resource = resources.first().map(|item| {
        let item = item.as_str();
        let mut ty = InstanceType::new();
        ty.export(item, ComponentTypeRef::Type(TypeBounds::SubResource));
        with(item, ty)
    });
    resource.into_iter().collect()
}
