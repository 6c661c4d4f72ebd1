//! What a component imports from the host at the component level: functions, instances, and names of resource types.
//!
//! **Before:** the translator's tree of imports.
//!
//! ```wat
//! (import "example:text/log@1.0.0" (instance $log
//!   (export "sink" (type $sink (sub resource)))
//!   (export "line" (func (param "to" (borrow $sink)) (param "text" string)))))
//! ```
//!
//! **After:** lists of paths, in which every import stands, used or not, because the host must supply it: `["example:text/log@1.0.0",
//! "line"]` in [`Plan::functions`](crate::Plan::functions).

use super::Flatten;
use crate::plan::{FunctionImport, ResourceName, ResourceType};
use wasmtime_environ::component::{TypeDef, TypeFuncIndex};

impl Flatten<'_> {
    /// Fills the lists. The resource types must be known.
    pub(super) fn import_items(&mut self) {
        let mut functions: Vec<(Vec<String>, TypeFuncIndex)> = Vec::new();
        let imports = self.component().import_types.values();
        let mut pending: Vec<(Vec<String>, TypeDef)> =
            imports.map(|(name, item)| (vec![name.clone()], item.ty)).collect();
        while let Some((path, ty)) = pending.pop() {
            match ty {
                TypeDef::ComponentFunc(ty) => functions.push((path, ty)),
                TypeDef::ComponentInstance(instance) => {
                    let exports = self.types[instance].exports.iter();
                    pending.extend(exports.map(|(name, item)| {
                        let path = path.iter().chain([name]).cloned().collect();
                        (path, item.ty)
                    }));
                    self.plan.instances.push(path);
                }
                TypeDef::Resource(ty) => {
                    let name = self.resource_name(path, ty).filter(|name| !self.is_first(name));
                    self.plan.equal_resources.extend(name);
                }
                // The host supplies modules in another way. The others are refused elsewhere, or are only types.
                TypeDef::Module(_) | TypeDef::Component(_) | TypeDef::Interface(_) | TypeDef::CoreFunc(_) => {}
            }
        }
        functions.sort();
        for (path, ty) in functions {
            let ty = match self.types[ty].async_ {
                true => None,
                // If the type cannot be converted, weft refuses to lower or call the function.
                false => self.func_type(ty, "").ok(),
            };
            self.plan.functions.push(FunctionImport { path, ty });
        }
        self.plan.instances.sort();
        self.plan
            .equal_resources
            .sort_by(|one, other| one.path.cmp(&other.path));
    }

    /// Whether a resource type is imported under this name first, so that the host decides which type it is.
    fn is_first(&self, name: &ResourceName) -> bool {
        match &self.plan.resource_types[name.ty.index()] {
            ResourceType::Imported { path } => *path == name.path,
            ResourceType::Defined { .. } => false,
        }
    }
}
