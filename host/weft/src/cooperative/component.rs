//! A component that is compiled for the cooperative runtime.

use std::sync::Arc;
use wasmtime::Engine;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Component, ComponentExportIndex};

/// The component, and where its exported functions are.
#[derive(Clone)]
pub(crate) struct Cooperative {
    pub(crate) component: Component,
    pub(crate) exports: Arc<[Export]>,
}

/// An exported function.
pub(crate) struct Export {
    /// Its own name, behind those of the instances that it is in.
    pub(crate) path: Vec<String>,
    pub(crate) index: ComponentExportIndex,
}

impl Cooperative {
    pub(crate) fn new(component: Component) -> Self {
        let mut exports = Vec::new();
        visit_functions(component.engine(), &component.component_type(), |path, _| {
            if let Some(index) = index_of(&component, path) {
                let path = path.to_vec();
                exports.push(Export { path, index });
            }
        });
        Cooperative {
            component,
            exports: exports.into(),
        }
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = &[String]> {
        self.exports.iter().map(|export| export.path.as_slice())
    }
}

fn index_of(component: &Component, path: &[String]) -> Option<ComponentExportIndex> {
    let (first, rest) = path.split_first()?;
    let mut index = component.get_export_index(None, first.as_str())?;
    for name in rest {
        index = component.get_export_index(Some(&index), name.as_str())?;
    }
    Some(index)
}

/// Shows all functions that a component exports, with their paths.
pub(crate) fn visit_functions(
    engine: &Engine,
    component: &wasmtime::component::types::Component,
    mut visit: impl FnMut(&[String], &ComponentFunc),
) {
    for (name, export) in component.exports(engine) {
        visit_item(engine, &mut vec![name.to_owned()], &export.ty, &mut visit);
    }
}

/// Shows all functions in an item that is exported or imported under this path.
pub(crate) fn visit_item(
    engine: &Engine,
    path: &mut Vec<String>,
    item: &ComponentItem,
    visit: &mut impl FnMut(&[String], &ComponentFunc),
) {
    match item {
        ComponentItem::ComponentFunc(function) => visit(path, function),
        ComponentItem::ComponentInstance(instance) => {
            for (name, export) in instance.exports(engine) {
                path.push(name.to_owned());
                visit_item(engine, path, &export.ty, visit);
                path.pop();
            }
        }
        ComponentItem::CoreFunc(_)
        | ComponentItem::Module(_)
        | ComponentItem::Component(_)
        | ComponentItem::Type(_)
        | ComponentItem::Resource(_) => {}
    }
}
