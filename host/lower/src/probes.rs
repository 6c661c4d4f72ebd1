//! Components that ask a linker for one import each.
//!
//! **Problem.** Wasmtime's linker tells what it lacks only of a component that is compiled, and compiling is what takes long. It
//! cannot be asked for a name, which may match one of a later minor version. **Before:**
//!
//! ```wat
//! (component
//!   (import "wasi:http/types@0.2.0" (instance (export "fields" (type (sub resource))) (export "f" (func ..))))
//!   ..)
//! ```
//!
//! **After:** for each import, a component without code that imports the same name, with one function or resource:
//!
//! ```wat
//! (component (import "wasi:http/types@0.2.0" (instance (export "f" (func)))))
//! ```
//!
//! A linker that lacks the name says that it is missing; one that has it says nothing, or that the type is another.
//!
//! **Rejected:** the component itself with empty functions. Large ones have ten thousands of them.

use crate::LowerError;
use crate::binary::outermost;
use wasm_encoder::{
    Component, ComponentImportSection, ComponentTypeRef, ComponentTypeSection, ComponentValType, InstanceType,
    TypeBounds,
};
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType, ComponentInstanceTypeId};
use wasmparser::types::TypesRef;

const NO_PARAMETERS: [(&str, ComponentValType); 0] = [];

/// A component that imports one name.
#[derive(Debug)]
pub struct Probe {
    /// The import's name.
    pub name: String,
    /// The component.
    pub wasm: Vec<u8>,
}

/// Makes a probe for each import of a component that a linker has to supply and that is no core module. The component is in the
/// unshared form: the validator refuses built-ins that stock tools lack.
pub(crate) fn probes(component: &[u8]) -> Result<Vec<Probe>, LowerError> {
    let types = outermost::types(component)?;
    let mut probes = Vec::new();
    for (_, import) in outermost::imports(component)? {
        let name = import.name.name;
        let item = types.component_item_for_import(name);
        if let Some(wasm) = item.and_then(|item| probe(types.as_ref(), name, &item.ty)) {
            let name = name.to_owned();
            probes.push(Probe { name, wasm });
        }
    }
    Ok(probes)
}

fn probe(types: TypesRef<'_>, name: &str, ty: &ComponentEntityType) -> Option<Vec<u8>> {
    let mut section = ComponentTypeSection::new();
    let import = match ty {
        ComponentEntityType::Func(_) => {
            section.function().params(NO_PARAMETERS).result(None);
            ComponentTypeRef::Func(0)
        }
        ComponentEntityType::Instance(instance) => {
            section.instance(&instance_with_one(types, *instance)?);
            ComponentTypeRef::Instance(0)
        }
        // No runtime takes a component: it is refused by name when the component that imports it is compiled.
        ComponentEntityType::Component(_) => return None,
        ComponentEntityType::Type {
            created: ComponentAnyTypeId::Resource(_),
            ..
        } => ComponentTypeRef::Type(TypeBounds::SubResource),
        // Other types are not supplied, nor are values.
        ComponentEntityType::Type { .. } | ComponentEntityType::Value(_) | ComponentEntityType::Module(_) => {
            return None;
        }
    };
    let mut component = Component::new();
    if !section.is_empty() {
        component.section(&section);
    }
    let mut imports = ComponentImportSection::new();
    imports.import(name, import);
    component.section(&imports);
    Some(component.finish())
}

/// An instance type with one of the functions or resources of another.
fn instance_with_one(types: TypesRef<'_>, instance: ComponentInstanceTypeId) -> Option<InstanceType> {
    let exports = &types[instance].exports;
    let mut ty = InstanceType::new();
    // A name in brackets is one of a resource's method, whose type would have to name the resource.
    let mut functions = exports
        .iter()
        .filter(|(name, item)| matches!(item.ty, ComponentEntityType::Func(_)) && !name.starts_with('['));
    if let Some((name, _)) = functions.next() {
        ty.ty().function().params(NO_PARAMETERS).result(None);
        ty.export(name, ComponentTypeRef::Func(0));
        return Some(ty);
    }
    let mut resources = exports.iter().filter(|(_, item)| {
        let ty = &item.ty;
        matches!(
            ty,
            ComponentEntityType::Type {
                created: ComponentAnyTypeId::Resource(_),
                ..
            }
        )
    });
    let (name, _) = resources.next()?;
    ty.export(name, ComponentTypeRef::Type(TypeBounds::SubResource));
    Some(ty)
}
