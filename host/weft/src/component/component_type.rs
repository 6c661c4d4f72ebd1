//! What a component imports and exports, in types that are the same for both runtimes.

use super::{Code, Component};
use crate::cooperative::component::{Cooperative, Visited, visit_item};
use crate::types::{self, ComponentFunc, ComponentInstance, ComponentItem};
use std::collections::HashSet;
use std::sync::Arc;
use weft_abi::FuncIndex;
use weft_abi::Types;
use weft_cooperative::__shared::Described;
use weft_lower::plan::{Plan, ResourceType};
use weft_parallel::Error;

impl Component {
    /// The type of the component: its imports and exports, with the types of functions. A core module has those of the component that weft
    /// made of it.
    ///
    /// # Errors
    ///
    /// A type is too large for weft to pass its values.
    pub fn component_type(&self) -> Result<types::Component, Error> {
        match self.code() {
            Code::Parallel(component) => Ok(of_plan(component.plan())),
            Code::Cooperative(component) => of_cooperative(component),
        }
    }
}

fn of_plan(plan: &Plan) -> types::Component {
    let types = Arc::new(plan.types.clone());
    let (mut imports, mut exports) = (ComponentInstance::default(), ComponentInstance::default());
    // The plan has an import for each instance of a core module.
    let mut modules = HashSet::new();
    for import in plan.imports.iter().filter(|import| modules.insert(&import.path)) {
        imports.add(&import.path, ComponentItem::Module);
    }
    for resource in &plan.resource_types {
        match resource {
            ResourceType::Imported { path } => imports.add(path, ComponentItem::Resource),
            ResourceType::Defined { .. } => {}
        }
    }
    for import in &plan.functions {
        // The values of other functions cannot be passed, so no core module calls them.
        if let Some(ty) = import.ty {
            imports.add(&import.path, func(&types, ty));
        }
    }
    for resource in &plan.exported_resources {
        exports.add(&resource.path, ComponentItem::Resource);
    }
    for export in &plan.exports {
        exports.add(&export.path, func(&types, export.ty));
    }
    types::Component { imports, exports }
}

fn func(types: &Arc<Types>, func: FuncIndex) -> ComponentItem {
    ComponentItem::ComponentFunc(ComponentFunc {
        types: Arc::clone(types),
        func,
    })
}

fn of_cooperative(component: &Cooperative) -> Result<types::Component, Error> {
    let (engine, ty) = (component.component.engine(), component.component.component_type());
    let mut found = Found::default();
    for (name, import) in ty.imports(engine) {
        visit_item(engine, &mut vec![name.to_owned()], &import.ty, &mut |path, item| {
            found.add(path, item);
        });
    }
    let imports = found.items.len();
    for (name, export) in ty.exports(engine) {
        visit_item(engine, &mut vec![name.to_owned()], &export.ty, &mut |path, item| {
            // Types list core modules among the imports only.
            if !matches!(item, Visited::Module) {
                found.add(path, item);
            }
        });
    }
    found.finish(imports)
}

/// The items of a component.
#[derive(Default)]
struct Found {
    described: Described,
    items: Vec<(Vec<String>, Item)>,
    error: Option<Error>,
}

enum Item {
    Func(FuncIndex),
    Resource,
    Module,
}

impl Found {
    fn add(&mut self, path: &[String], item: Visited<'_>) {
        let item = match item {
            Visited::Func(func) => match self.described.add(func) {
                Ok(signature) => Item::Func(signature.func),
                Err(error) => {
                    self.error = Some(Error::Link(format!("the type of `{}`: {error}", path.join("#"))));
                    return;
                }
            },
            Visited::Resource => Item::Resource,
            Visited::Module => Item::Module,
        };
        self.items.push((path.to_vec(), item));
    }

    /// The type, whose first items are imports.
    fn finish(self, imports: usize) -> Result<types::Component, Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let types = Arc::new(self.described.types);
        let mut ty = types::Component {
            imports: ComponentInstance::default(),
            exports: ComponentInstance::default(),
        };
        for (position, (path, item)) in self.items.into_iter().enumerate() {
            let item = match item {
                Item::Func(index) => func(&types, index),
                Item::Resource => ComponentItem::Resource,
                Item::Module => ComponentItem::Module,
            };
            match position < imports {
                true => ty.imports.add(&path, item),
                false => ty.exports.add(&path, item),
            }
        }
        Ok(ty)
    }
}
