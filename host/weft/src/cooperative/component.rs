//! A component that is compiled for the cooperative runtime.

use std::sync::Arc;
use wasmtime::Engine;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Component, ComponentExportIndex};
use weft_lower::plan::ExportedModule;

/// The component, and where its exported functions and resource types are.
#[derive(Clone)]
pub(crate) struct Cooperative {
    pub(crate) component: Component,
    pub(crate) exports: Arc<[Export]>,
    pub(crate) resources: Arc<[Export]>,
    /// The core modules that it defines and exports.
    pub(crate) modules: Arc<[ExportedModule]>,
}

/// An exported function or resource type.
pub(crate) struct Export {
    /// Its own name, behind those of the instances that it is in.
    pub(crate) path: Vec<String>,
    pub(crate) index: ComponentExportIndex,
}

impl Cooperative {
    pub(crate) fn new(component: Component, modules: Vec<ExportedModule>) -> Self {
        let (mut exports, mut resources) = (Vec::new(), Vec::new());
        for (name, export) in component.component_type().exports(component.engine()) {
            visit_item(
                component.engine(),
                &mut vec![name.to_owned()],
                &export.ty,
                &mut |path, item| {
                    let Some(index) = index_of(&component, path) else {
                        return;
                    };
                    let path = path.to_vec();
                    match item {
                        Visited::Resource => resources.push(Export { path, index }),
                        Visited::Func(_) => exports.push(Export { path, index }),
                        Visited::Module => {}
                    }
                },
            );
        }
        Cooperative {
            component,
            exports: exports.into(),
            resources: resources.into(),
            modules: modules.into(),
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

/// What [`visit_item`] shows.
#[derive(Clone, Copy)]
pub(crate) enum Visited<'a> {
    Func(&'a ComponentFunc),
    Resource,
    Module,
}

/// Shows all functions, resource types and core modules in an item that is exported or imported under this path.
pub(crate) fn visit_item(
    engine: &Engine,
    path: &mut Vec<String>,
    item: &ComponentItem,
    visit: &mut impl FnMut(&[String], Visited<'_>),
) {
    match item {
        ComponentItem::ComponentFunc(func) => visit(path, Visited::Func(func)),
        ComponentItem::Resource(_) => visit(path, Visited::Resource),
        ComponentItem::ComponentInstance(instance) => {
            for (name, export) in instance.exports(engine) {
                path.push(name.to_owned());
                visit_item(engine, path, &export.ty, visit);
                path.pop();
            }
        }
        ComponentItem::Module(_) => visit(path, Visited::Module),
        ComponentItem::CoreFunc(_) | ComponentItem::Component(_) | ComponentItem::Type(_) => {}
    }
}
