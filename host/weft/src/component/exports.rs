//! How an embedder names an export of a component: by its path, or by an index that it looked up before.

use super::{Code, Component, Inner};
use crate::types::ComponentItem;
use std::sync::{Arc, Weak};
use weft_parallel::__shared::{find_beginning, find_export};

/// The place of an export in a [`Component`]: see [`Component::get_export_index`]. It does not keep the component alive.
#[derive(Debug, Clone)]
pub struct ComponentExportIndex {
    component: Weak<Inner>,
    path: Vec<String>,
    /// The position among the exported functions or resource types, if it is one of these.
    item: Option<Item>,
}

#[derive(Debug, Clone, Copy)]
enum Item {
    Func(usize),
    Resource(usize),
}

/// What [`Instance::get_func`](crate::Instance::get_func) and [`Instance::get_resource`](crate::Instance::get_resource) take:
///
/// - the name of a function or a resource type that is not in an interface, as a string;
/// - its path, as a reference to an array, a slice or a vector of strings: the names of the instances that contain it, outermost first, then
///   its own name;
/// - a [`ComponentExportIndex`].
///
/// If the component does not export the interface in the path's version, weft looks in the latest version that is compatible by semantic
/// versioning.
pub trait ExportLookup: sealed::Sealed {}

/// An [`ExportLookup`], taken apart.
pub enum Lookup<'a> {
    Path(Vec<&'a str>),
    Index(&'a ComponentExportIndex),
}

mod sealed {
    pub trait Sealed {
        fn lookup(&self) -> super::Lookup<'_>;
    }
}

macro_rules! lookups {
    ($([$($generics:tt)*] $ty:ty: $this:ident => $lookup:expr;)*) => {$(
        impl<$($generics)*> ExportLookup for $ty {}

        impl<$($generics)*> sealed::Sealed for $ty {
            fn lookup(&self) -> Lookup<'_> {
                let $this = self;
                $lookup
            }
        }
    )*};
}

lookups! {
    [] &str: name => Lookup::Path(vec![name]);
    [] &String: name => Lookup::Path(vec![name]);
    [S: AsRef<str>] &[S]: path => Lookup::Path(path.iter().map(AsRef::as_ref).collect());
    [S: AsRef<str>] &Vec<S>: path => Lookup::Path(path.iter().map(AsRef::as_ref).collect());
    [S: AsRef<str>, const N: usize] &[S; N]: path => Lookup::Path(path.iter().map(AsRef::as_ref).collect());
    [] &ComponentExportIndex: index => Lookup::Index(index);
}

impl Component {
    /// The place of the export `name` of the component, or of the exported instance `instance`. Pass it to
    /// [`Instance::get_func`](crate::Instance::get_func) or [`Instance::get_resource`](crate::Instance::get_resource), which then does not
    /// compare names. `None` if there is no such function, resource type or instance.
    pub fn get_export_index(
        &self,
        instance: Option<&ComponentExportIndex>,
        name: &str,
    ) -> Option<ComponentExportIndex> {
        let outer = match instance {
            Some(index) if !self.is_of(index) => return None,
            Some(index) => index.path.as_slice(),
            None => &[],
        };
        let path: Vec<&str> = outer.iter().map(String::as_str).chain([name]).collect();
        let (functions, resources) = (self.functions(), self.resources());
        let within = |export: &[String]| export.len() > path.len();
        let (item, found) = if let Some(position) = find_export(functions.iter().copied(), &path) {
            (Some(Item::Func(position)), functions[position])
        } else if let Some(position) = find_export(resources.iter().copied(), &path) {
            (Some(Item::Resource(position)), resources[position])
        } else {
            let all = || functions.iter().chain(&resources).copied();
            (None, all().nth(find_beginning(all(), &path, within)?)?)
        };
        Some(ComponentExportIndex {
            component: Arc::downgrade(&self.inner),
            path: found[..path.len()].to_vec(),
            item,
        })
    }

    /// The type and the place of an export: see [`Self::get_export_index`].
    pub fn get_export(
        &self,
        instance: Option<&ComponentExportIndex>,
        name: &str,
    ) -> Option<(ComponentItem, ComponentExportIndex)> {
        let index = self.get_export_index(instance, name)?;
        let (first, rest) = index.path.split_first()?;
        let ty = self.component_type().ok()?;
        let mut item = ty.get_export(first)?;
        for name in rest {
            match item {
                ComponentItem::ComponentInstance(instance) => item = instance.get_export(name)?,
                ComponentItem::ComponentFunc(_) | ComponentItem::Module | ComponentItem::Resource => return None,
            }
        }
        Some((item.clone(), index))
    }

    /// The position of a function among those that the component exports.
    pub(crate) fn find_func(&self, lookup: &impl ExportLookup) -> Option<usize> {
        match lookup.lookup() {
            Lookup::Path(path) => find_export(self.functions().into_iter(), &path),
            Lookup::Index(index) => match index.item.filter(|_| self.is_of(index))? {
                Item::Func(position) => Some(position),
                Item::Resource(_) => None,
            },
        }
    }

    /// The position of a resource type among those that the component exports.
    pub(crate) fn find_resource(&self, lookup: &impl ExportLookup) -> Option<usize> {
        match lookup.lookup() {
            Lookup::Path(path) => find_export(self.resources().into_iter(), &path),
            Lookup::Index(index) => match index.item.filter(|_| self.is_of(index))? {
                Item::Resource(position) => Some(position),
                Item::Func(_) => None,
            },
        }
    }

    /// The paths of the exported resource types.
    fn resources(&self) -> Vec<&[String]> {
        match self.code() {
            Code::Parallel(component) => {
                let exported = component.plan().exported_resources.iter();
                exported.map(|export| export.path.as_slice()).collect()
            }
            Code::Cooperative(component) => component
                .resources
                .iter()
                .map(|export| export.path.as_slice())
                .collect(),
        }
    }

    fn is_of(&self, index: &ComponentExportIndex) -> bool {
        std::ptr::eq(index.component.as_ptr(), Arc::as_ptr(&self.inner))
    }
}

/// The path, if that is what names the function.
pub(crate) fn path_of(lookup: &impl ExportLookup) -> Option<Vec<&str>> {
    match lookup.lookup() {
        Lookup::Path(path) => Some(path),
        Lookup::Index(_) => None,
    }
}

/// What messages call the function.
pub(crate) fn name_of(lookup: &impl ExportLookup) -> String {
    match lookup.lookup() {
        Lookup::Path(path) => path.join("#"),
        Lookup::Index(index) => index.path.join("#"),
    }
}
