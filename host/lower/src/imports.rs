//! What a component imports and no core module of it uses, and its host has to supply nevertheless.
//!
//! **Problem.** The translator that flatten works with lists the imports out of which something reaches a core module. An
//! instance is made of a component only if all of its imports are there, used or not. **Before:**
//!
//! ```wat
//! (import "wasi:nothing/here@1.0.0" (instance (export "f" (func))))
//! (import "host" (core module (export "g" (func))))
//! (import "types" (instance (export "t" (type (eq u32)))))
//! ```
//!
//! **After:** the plan lists the first among [`Plan::unsupplied`], since host modules are all that it can be given, and the
//! second among [`Plan::imports`]. The third has nothing to supply, as in Wasmtime: a type stands for itself unless it is a
//! resource, and the plan lists those by themselves.
//!
//! **Rejected:** looking at the types as they are written. Aliases, and types within types, are followed by the validator.

use crate::binary::outermost;
use crate::error::LowerError;
use crate::features::FEATURES;
use crate::plan::{Import, Plan};
use wasmparser::component_types::ComponentEntityType;
use wasmparser::types::TypesRef;
use wasmparser::{ComponentTypeRef, Validator};

/// Adds the imports of a valid component, in the unshared form, that its plan does not have yet.
pub(crate) fn add_unused(plan: &mut Plan, component: &[u8]) -> Result<(), LowerError> {
    let imported = outermost::imports(component)?;
    if imported.is_empty() {
        return Ok(());
    }
    let types = outermost::types(component)?;
    let mut imports = Imports {
        types: types.as_ref(),
        modules: Vec::new(),
    };
    for (_, import) in imported {
        let name = import.name.name;
        let Some(item) = types.component_item_for_import(name) else {
            continue;
        };
        if imports.needs_more_than_modules(name, &item.ty) {
            plan.unsupplied.push(name.to_owned());
        }
    }
    for (name, uses) in imports.modules {
        if plan.imports.iter().all(|import| import.name != name) {
            let memory = None;
            plan.imports.push(Import { name, uses, memory });
        }
    }
    Ok(())
}

/// Whether a component imports a core module. No instance of a component within it can, without that.
pub(crate) fn imports_core_module(component: &[u8]) -> Result<bool, LowerError> {
    let mut imported = outermost::imports(component)?.into_iter();
    Ok(imported.any(|(_, import)| matches!(import.ty, ComponentTypeRef::Module(_))))
}

/// Names a component that a component imports or exports, by itself or in an instance: no runtime takes or gives one.
/// `component` is as its author wrote it, in wasm-tools' encoding, and `unshared` is its unshared form.
pub(crate) fn refuse_components(component: &[u8], unshared: &[u8]) -> Result<(), LowerError> {
    let types = Validator::new_with_features(FEATURES).validate_all(unshared)?;
    let types = types.as_ref();
    for (offset, import) in outermost::imports(component)? {
        let name = import.name.name;
        let item = types.component_item_for_import(name);
        if let Some(path) = item.and_then(|item| component_in(types, name, &item.ty)) {
            let refused = LowerError::unsupported(
                format!("imported component `{path}`"),
                "define the component where it is instantiated",
            );
            return Err(refused.at(Some(offset as u64)));
        }
    }
    for (offset, export) in outermost::exports(component)? {
        let name = export.name.name;
        let item = types.component_item_for_export(name);
        if let Some(path) = item.and_then(|item| component_in(types, name, &item.ty)) {
            let item = format!("exported component `{path}`");
            return Err(LowerError::unsupported(item, "export an instance of it").at(Some(offset as u64)));
        }
    }
    Ok(())
}

/// The path of a component that an item is or has in it.
fn component_in(types: TypesRef<'_>, name: &str, ty: &ComponentEntityType) -> Option<String> {
    match ty {
        ComponentEntityType::Component(_) => Some(name.to_owned()),
        ComponentEntityType::Instance(instance) => {
            let mut exports = types[*instance].exports.iter();
            exports.find_map(|(export, item)| component_in(types, &format!("{name}/{export}"), &item.ty))
        }
        ComponentEntityType::Module(_)
        | ComponentEntityType::Func(_)
        | ComponentEntityType::Value(_)
        | ComponentEntityType::Type { .. } => None,
    }
}

struct Imports<'a> {
    types: TypesRef<'a>,
    /// The core modules, with the names of their exports, sorted.
    modules: Vec<(String, Vec<String>)>,
}

impl Imports<'_> {
    /// Notes the core modules in an import, and tells whether the host must supply anything else in it.
    fn needs_more_than_modules(&mut self, name: &str, ty: &ComponentEntityType) -> bool {
        match ty {
            ComponentEntityType::Module(module) => {
                let mut uses: Vec<String> = self.types[*module].exports.keys().cloned().collect();
                uses.sort();
                self.modules.push((name.to_owned(), uses));
                false
            }
            ComponentEntityType::Instance(instance) => {
                let types = self.types;
                let mut needs_more = false;
                for (export, item) in &types[*instance].exports {
                    needs_more |= self.needs_more_than_modules(&format!("{name}/{export}"), &item.ty);
                }
                needs_more
            }
            // The plan lists functions and resource types by themselves.
            ComponentEntityType::Type { .. } | ComponentEntityType::Func(_) => false,
            ComponentEntityType::Value(_) | ComponentEntityType::Component(_) => true,
        }
    }
}
