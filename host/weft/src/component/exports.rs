//! How an embedder names an export of a component: by its path, or by an index that it looked up before.

use super::{Component, Inner};
use crate::types::ComponentItem;
use std::sync::{Arc, Weak};
use weft_parallel::__shared::{find_beginning, find_export};

/// The place of an export in a [`Component`]: see [`Component::get_export_index`]. It does not keep the component alive.
#[derive(Debug, Clone)]
pub struct ComponentExportIndex {
    component: Weak<Inner>,
    path: Vec<String>,
    /// The position among the exported functions, if it is a function.
    function: Option<usize>,
}

/// What [`Instance::get_func`](crate::Instance::get_func) takes:
///
/// - the name of a function that is not in an interface, as a string;
/// - the path of a function, as a reference to an array, a slice or a vector of strings: the names of the instances that contain the function,
///   outermost first, then its own name;
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
    /// [`Instance::get_func`](crate::Instance::get_func), which then does not compare names. `None` if there is no such function or
    /// instance.
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
        let functions = self.functions();
        let whole = |function: &[String]| function.len() == path.len();
        let within = |function: &[String]| function.len() > path.len();
        let (function, position) = match find_beginning(functions.iter().copied(), &path, whole) {
            Some(position) => (Some(position), position),
            None => (None, find_beginning(functions.iter().copied(), &path, within)?),
        };
        Some(ComponentExportIndex {
            component: Arc::downgrade(&self.inner),
            path: functions[position][..path.len()].to_vec(),
            function,
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
            Lookup::Index(index) => index.function.filter(|_| self.is_of(index)),
        }
    }

    fn is_of(&self, index: &ComponentExportIndex) -> bool {
        std::ptr::eq(index.component.as_ptr(), Arc::as_ptr(&self.inner))
    }
}

/// What messages call the function.
pub(crate) fn name_of(lookup: &impl ExportLookup) -> String {
    match lookup.lookup() {
        Lookup::Path(path) => path.join("#"),
        Lookup::Index(index) => index.path.join("#"),
    }
}
