//! The types of components, and of the values that their functions take and return.
//!
//! [`Component`](crate::Component::component_type) returns what a component imports and exports.

use std::sync::Arc;
pub use weft_parallel::types::*;

/// What a component imports and exports: functions, resource types, and instances with these. It also imports core modules.
///
/// Other types are not listed: at run time, they have no names.
#[derive(Debug, Clone)]
pub struct Component {
    pub(crate) imports: ComponentInstance,
    pub(crate) exports: ComponentInstance,
}

impl Component {
    /// The imports, by name.
    pub fn imports(&self) -> impl ExactSizeIterator<Item = (&str, &ComponentItem)> {
        self.imports.exports()
    }

    /// The import of this name.
    pub fn get_import(&self, name: &str) -> Option<&ComponentItem> {
        self.imports.get_export(name)
    }

    /// The exports, by name.
    pub fn exports(&self) -> impl ExactSizeIterator<Item = (&str, &ComponentItem)> {
        self.exports.exports()
    }

    /// The export of this name.
    pub fn get_export(&self, name: &str) -> Option<&ComponentItem> {
        self.exports.get_export(name)
    }
}

/// The type of an import or an export.
#[derive(Debug, Clone)]
pub enum ComponentItem {
    /// A function.
    ComponentFunc(ComponentFunc),
    /// An instance, which is usually an interface.
    ComponentInstance(ComponentInstance),
    /// A core module.
    Module,
    /// A resource type. [`Instance::get_resource`](crate::Instance::get_resource) returns the one that an instance exports.
    Resource,
}

/// The type of an instance: what it contains.
#[derive(Debug, Clone, Default)]
pub struct ComponentInstance {
    items: Vec<(String, ComponentItem)>,
}

impl ComponentInstance {
    /// What the instance contains, by name.
    pub fn exports(&self) -> impl ExactSizeIterator<Item = (&str, &ComponentItem)> {
        self.items.iter().map(|(name, item)| (name.as_str(), item))
    }

    /// The item of this name.
    pub fn get_export(&self, name: &str) -> Option<&ComponentItem> {
        self.exports().find(|(found, _)| *found == name).map(|(_, item)| item)
    }

    /// Adds an item under a path, and the instances on the way to it.
    pub(crate) fn add(&mut self, path: &[String], item: ComponentItem) {
        let Some((name, outer)) = path.split_last() else {
            return;
        };
        let mut place = self;
        for name in outer {
            let known = place
                .items
                .iter()
                .position(|(known, item)| known == name && matches!(item, ComponentItem::ComponentInstance(_)));
            let position = known.unwrap_or_else(|| {
                let instance = ComponentItem::ComponentInstance(ComponentInstance::default());
                place.items.push((name.clone(), instance));
                place.items.len() - 1
            });
            match &mut place.items[position].1 {
                ComponentItem::ComponentInstance(instance) => place = instance,
                ComponentItem::ComponentFunc(_) | ComponentItem::Module | ComponentItem::Resource => return,
            }
        }
        place.items.push((name.clone(), item));
    }
}

/// The type of a function.
#[derive(Debug, Clone)]
pub struct ComponentFunc {
    pub(crate) types: Arc<Types>,
    pub(crate) func: FuncIndex,
}

impl ComponentFunc {
    /// The names and types of the parameters, in their order.
    pub fn params(&self) -> impl ExactSizeIterator<Item = (&str, ValType)> {
        self.ty().params()
    }

    /// The type of the result, if there is one.
    pub fn results(&self) -> impl ExactSizeIterator<Item = ValType> {
        self.ty().results()
    }

    /// The type, for [`wave`](crate::wave).
    pub fn ty(&self) -> &FuncType {
        &self.types[self.func]
    }

    /// The types to which this one refers: `types[index]` is the type of an index in a [`ValType`].
    pub fn types(&self) -> &Types {
        &self.types
    }
}
