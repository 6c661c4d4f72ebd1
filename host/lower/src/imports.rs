//! Finds imports of a component that no core module uses, but that the host must still supply.
//!
//! **Problem.** The translator lists only the imports from which something reaches a core module. But a component can
//! be instantiated only if all of its imports are supplied, used or not. **Before:**
//!
//! ```wat
//! (import "wasi:nothing/here@1.0.0" (instance (export "f" (func))))
//! (import "host" (core module (export "g" (func))))
//! (import "types" (instance (export "t" (type (eq u32)))))
//! ```
//!
//! **After:** the plan lists the first in [`Plan::unsupplied`], since the host can supply only modules here, and the
//! second in [`Plan::imports`]. For the third, there is nothing to supply, as in Wasmtime: only resource types must be
//! supplied, and the plan lists these separately.
//!
//! **Rejected:** reading the types as they are written (the validator already follows aliases and nested types).

use crate::binary::decoded::Supplied;
use crate::binary::outermost;
use crate::error::LowerError;
use crate::features::FEATURES;
use crate::plan::{Import, Plan};
use wasmparser::component_types::ComponentEntityType;
use wasmparser::types::TypesRef;
use wasmparser::{ComponentExternalKind, ComponentInstance, ComponentTypeRef, Parser, Payload, Validator};

/// Adds the imports of a valid component, in the unshared form, that its plan does not have yet, except the core modules
/// that are supplied.
pub(crate) fn add_unused(plan: &mut Plan, component: &[u8], supplied: &[Supplied]) -> Result<(), LowerError> {
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
        if imports.needs_more_than_modules(&[name], &item.ty) {
            plan.unsupplied.push(name.to_owned());
        }
    }
    for (path, uses) in imports.modules {
        let name = path.join("/");
        let is_supplied = supplied.iter().any(|module| module.name == name);
        if !is_supplied && plan.imports.iter().all(|import| import.name != name) {
            let memory = None;
            plan.imports.push(Import {
                name,
                path,
                uses,
                memory,
            });
        }
    }
    Ok(())
}

/// Whether a component imports a core module. If it does not, no nested component can either.
pub(crate) fn imports_core_module(component: &[u8]) -> Result<bool, LowerError> {
    Ok(imported_core_module(component)?.is_some())
}

/// The first core module that a component imports: its name and where its import is.
pub(crate) fn imported_core_module(component: &[u8]) -> Result<Option<(String, u64)>, LowerError> {
    let mut imports = outermost::imports(component)?.into_iter();
    let found = imports.find(|(_, import)| matches!(import.ty, ComponentTypeRef::Module(_)));
    Ok(found.map(|(offset, import)| (import.name.name.to_owned(), offset as u64)))
}

/// Whether a component may export a core module, of itself or in an instance. Then something in it exports one.
pub(crate) fn exports_core_module(component: &[u8]) -> Result<bool, LowerError> {
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ComponentExportSection(section) => {
                for export in section {
                    if export?.kind == ComponentExternalKind::Module {
                        return Ok(true);
                    }
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section {
                    if let ComponentInstance::FromExports(exports) = instance?
                        && exports
                            .iter()
                            .any(|export| export.kind == ComponentExternalKind::Module)
                    {
                        return Ok(true);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(false)
}

/// Refuses a component that imports or exports a component, directly or in an instance: no runtime supports that.
/// `component` is the component as its author wrote it, in wasm-tools' encoding, and `unshared` its unshared form.
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

/// The path of a component that an item is or contains.
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
    /// The core modules by path, with the names of their exports, sorted.
    modules: Vec<(Vec<String>, Vec<String>)>,
}

impl Imports<'_> {
    /// Records the core modules in an import. Returns whether the host must supply anything else in it.
    fn needs_more_than_modules(&mut self, path: &[&str], ty: &ComponentEntityType) -> bool {
        match ty {
            ComponentEntityType::Module(module) => {
                let mut uses: Vec<String> = self.types[*module].exports.keys().cloned().collect();
                uses.sort();
                let path = path.iter().map(|&name| name.to_owned()).collect();
                self.modules.push((path, uses));
                false
            }
            ComponentEntityType::Instance(instance) => {
                let types = self.types;
                let mut needs_more = false;
                for (export, item) in &types[*instance].exports {
                    needs_more |= self.needs_more_than_modules(&[path, &[export]].concat(), &item.ty);
                }
                needs_more
            }
            // The plan lists functions and resource types separately.
            ComponentEntityType::Type { .. } | ComponentEntityType::Func(_) => false,
            ComponentEntityType::Value(_) | ComponentEntityType::Component(_) => true,
        }
    }
}
