//! Lookups for the parts of the generator: the place of a type or an interface in the generated code, and its options.

use super::names::{camel_ident, ident, snake};
use super::options::{ImportOptions, Options};
use anyhow::{Result, bail};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashSet;
use wit_parser::{
    Function, InterfaceId, PackageId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, World, WorldId, WorldItem,
    WorldKey,
};

/// See the module.
pub(super) struct Generator<'a> {
    pub(super) resolve: &'a Resolve,
    pub(super) world: &'a World,
    pub(super) options: &'a Options,
    /// The interfaces that the world exports.
    exported: HashSet<InterfaceId>,
    /// The types that are errors of functions.
    errors: HashSet<TypeId>,
}

/// Where generated code stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// In how many modules.
    pub(super) depth: usize,
    /// Whether the code is for the world's exports.
    pub(super) exports: bool,
}

/// The outermost place.
pub(super) const ROOT: Place = Place {
    depth: 0,
    exports: false,
};

impl<'a> Generator<'a> {
    /// The name of the trait for the world's own imports.
    pub(super) fn imports_trait(&self) -> Ident {
        format_ident!("{}Imports", camel_ident(&self.world.name))
    }

    pub(super) fn new(resolve: &'a Resolve, world: WorldId, options: &'a Options) -> Result<Self> {
        let world = &resolve.worlds[world];
        let exported = world.exports.values().filter_map(|item| match item {
            WorldItem::Interface { id, .. } => Some(*id),
            WorldItem::Function(_) | WorldItem::Type { .. } => None,
        });
        let mut generator = Generator {
            resolve,
            world,
            options,
            exported: exported.collect(),
            errors: HashSet::new(),
        };
        generator.errors = generator.find_errors();
        generator.check_options()?;
        Ok(generator)
    }

    /// All functions of the world with the interface that each is in.
    fn functions(&self) -> impl Iterator<Item = (Option<&'a WorldKey>, &'a Function)> {
        let (resolve, world) = (self.resolve, self.world);
        let items = world.imports.iter().chain(&world.exports);
        items.flat_map(move |(key, item)| {
            let functions: Vec<_> = match item {
                WorldItem::Interface { id, .. } => {
                    let functions = resolve.interfaces[*id].functions.values();
                    functions.map(|function| (Some(key), function)).collect()
                }
                WorldItem::Function(function) => vec![(None, function)],
                WorldItem::Type { .. } => Vec::new(),
            };
            functions
        })
    }

    fn find_errors(&self) -> HashSet<TypeId> {
        let errors = self.functions().filter_map(|(_, function)| self.error_of(function));
        errors.collect()
    }

    /// The type of a function's errors, if its result is a `result` with one that has a name.
    pub(super) fn error_of(&self, function: &Function) -> Option<TypeId> {
        let Some(Type::Id(result)) = function.result else {
            return None;
        };
        match self.resolve.types[self.original(result)].kind {
            TypeDefKind::Result(wit_parser::Result_ {
                err: Some(Type::Id(error)),
                ..
            }) => Some(self.original(error)),
            _ => None,
        }
    }

    pub(super) fn is_error(&self, id: TypeId) -> bool {
        self.errors.contains(&id)
    }

    /// Reports names in the options that match nothing.
    fn check_options(&self) -> Result<()> {
        let types: Vec<_> = self
            .resolve
            .types
            .iter()
            .filter_map(|(id, _)| self.type_name(id))
            .collect();
        let interfaces: Vec<_> = self
            .resolve
            .interfaces
            .iter()
            .filter_map(|(id, _)| self.resolve.id_of(id))
            .collect();
        let is_type = |name: &str| types.iter().any(|ty| is_name(name, ty));
        for (name, _) in &self.options.with {
            if !is_type(name) && !interfaces.iter().any(|interface| is_name(name, interface)) {
                bail!("`with` names `{name}`, but the world uses no type or interface of this name");
            }
        }
        for (name, _) in &self.options.trappable_errors {
            if !is_type(name) {
                bail!("`trappable_error_type` names `{name}`, but the world uses no type of this name");
            }
        }
        for name in self.options.imports.keys() {
            let mut functions = self.functions();
            if !functions.any(|(key, function)| is_name(name, &self.function_name(key, function))) {
                bail!("`imports` names `{name}`, but the world uses no function of this name");
            }
        }
        Ok(())
    }

    /// The name of a function, behind that of its interface.
    fn function_name(&self, key: Option<&WorldKey>, function: &Function) -> String {
        match key {
            Some(key) => format!("{}#{}", self.resolve.name_world_key(key), function.name),
            None => function.name.clone(),
        }
    }

    /// The name of a type, behind that of its interface.
    fn type_name(&self, id: TypeId) -> Option<String> {
        let ty = &self.resolve.types[id];
        let name = ty.name.as_ref()?;
        match ty.owner {
            TypeOwner::Interface(interface) => Some(format!("{}/{name}", self.resolve.id_of(interface)?)),
            TypeOwner::World(_) => Some(name.clone()),
            TypeOwner::None => None,
        }
    }

    pub(super) fn import_options(&self, key: Option<&WorldKey>, function: &Function) -> ImportOptions {
        let name = self.function_name(key, function);
        let said = self.options.imports.iter().find(|(wanted, _)| is_name(wanted, &name));
        said.map_or(self.options.default_import, |(_, options)| *options)
    }

    /// The name that the Rust type which `with` gives for a type or an interface has in the outermost module.
    fn with_name(&self, name: &str) -> Option<Ident> {
        let position = self.options.with.iter().position(|(wanted, _)| is_name(wanted, name))?;
        Some(format_ident!("__with_name{position}"))
    }

    /// What the outermost module imports for `with` and for trappable errors.
    pub(super) fn with_imports(&self) -> TokenStream {
        let with = self.options.with.iter().enumerate().map(|(position, (_, path))| {
            let name = format_ident!("__with_name{position}");
            quote!(#[allow(unused_imports, reason = "not each is used")] use #path as #name;)
        });
        let errors = self
            .options
            .trappable_errors
            .iter()
            .enumerate()
            .map(|(position, (_, path))| {
                let name = format_ident!("__error{position}");
                quote!(#[allow(unused_imports, reason = "not each is used")] use #path as #name;)
            });
        quote!(#(#with)* #(#errors)*)
    }

    /// The Rust type that `with` sets for a resource, from a place.
    pub(super) fn with_type(&self, id: TypeId, place: Place) -> Option<TokenStream> {
        let name = self.with_name(&self.type_name(id)?)?;
        let supers = place.supers();
        Some(quote!(#supers #name))
    }

    /// The Rust type for an error type, from a place.
    pub(super) fn trappable_error(&self, id: TypeId, place: Place) -> Option<TokenStream> {
        let name = self.type_name(id)?;
        let errors = &self.options.trappable_errors;
        let position = errors.iter().position(|(wanted, _)| is_name(wanted, &name))?;
        let (name, supers) = (format_ident!("__error{position}"), place.supers());
        Some(quote!(#supers #name))
    }

    /// Whether `with` sets a module for an interface.
    pub(super) fn is_given(&self, id: InterfaceId) -> bool {
        self.resolve
            .id_of(id)
            .is_some_and(|name| self.with_name(&name).is_some())
    }

    /// The modules of an interface of the world.
    pub(super) fn module(&self, key: &WorldKey, exports: bool) -> Vec<String> {
        let prefix = exports.then(|| "exports".to_owned());
        let path = match key {
            WorldKey::Name(name) => vec![snake(name)],
            WorldKey::Interface(id) => self.interface_module(*id),
        };
        prefix.into_iter().chain(path).collect()
    }

    fn interface_module(&self, id: InterfaceId) -> Vec<String> {
        let interface = &self.resolve.interfaces[id];
        match (interface.package, &interface.name) {
            (Some(package), Some(name)) => {
                let mut path = self.package_module(package);
                path.push(snake(name));
                path
            }
            // One that is written into the world, under the world's name for it.
            (_, _) => {
                let items = self.world.imports.iter().chain(&self.world.exports);
                let mut keys = items.filter_map(|(key, item)| match (key, item) {
                    (WorldKey::Name(name), WorldItem::Interface { id: found, .. }) if *found == id => Some(name),
                    (_, _) => None,
                });
                keys.next().map(|name| vec![snake(name)]).unwrap_or_default()
            }
        }
    }

    /// The version is in the name only where it tells two packages apart.
    fn package_module(&self, id: PackageId) -> Vec<String> {
        let name = &self.resolve.packages[id].name;
        let is_same = |other: &wit_parser::PackageName| other.namespace == name.namespace && other.name == name.name;
        let several = self
            .resolve
            .packages
            .iter()
            .filter(|(_, other)| is_same(&other.name))
            .count()
            > 1;
        let module = match (&name.version, several) {
            (Some(version), true) => {
                let version = version.to_string().replace(['.', '-', '+'], "_");
                format!("{}{version}", snake(&name.name))
            }
            (_, _) => snake(&name.name),
        };
        vec![snake(&name.namespace), module]
    }

    /// The Rust path of an interface's module, from a place.
    pub(super) fn interface_path(&self, id: InterfaceId, place: Place) -> TokenStream {
        let supers = place.supers();
        let is_exported = place.exports && self.exported.contains(&id);
        let given = self.resolve.id_of(id).and_then(|name| self.with_name(&name));
        if let (false, Some(name)) = (is_exported, given) {
            return quote!(#supers #name);
        }
        let prefix = is_exported.then(|| quote!(exports::));
        let path = self.interface_module(id);
        let path = path.iter().map(|name| ident(name));
        quote!(#supers #prefix #(#path)::*)
    }

    /// The Rust path of a type that has a name, from a place.
    pub(super) fn type_path(&self, id: TypeId, place: Place) -> TokenStream {
        let ty = &self.resolve.types[id];
        let name = camel_ident(ty.name.as_deref().unwrap_or_default());
        match ty.owner {
            TypeOwner::Interface(interface) => {
                let path = self.interface_path(interface, place);
                quote!(#path::#name)
            }
            TypeOwner::World(_) | TypeOwner::None => {
                let supers = place.supers();
                quote!(#supers #name)
            }
        }
    }

    /// The type that an alias is of.
    pub(super) fn original(&self, mut id: TypeId) -> TypeId {
        while let TypeDefKind::Type(Type::Id(of)) = self.resolve.types[id].kind {
            id = of;
        }
        id
    }

    /// Whether a resource is one that the component defines, from a place.
    pub(super) fn is_guests(&self, resource: TypeId, place: Place) -> bool {
        match self.resolve.types[resource].owner {
            TypeOwner::Interface(interface) => place.exports && self.exported.contains(&interface),
            TypeOwner::World(_) | TypeOwner::None => false,
        }
    }
}

impl Place {
    /// The path from the place to the outermost module.
    pub(super) fn supers(self) -> TokenStream {
        let supers = (0..self.depth).map(|_| quote!(super::));
        quote!(#(#supers)*)
    }
}

/// Whether a name in the options matches one of the world: with or without its version, and with any of the separators
/// in use.
fn is_name(wanted: &str, name: &str) -> bool {
    let plain = |name: &str| name.replace(['#', '.'], "/");
    let without_version = match name.split_once('@') {
        Some((before, after)) => {
            let end = after.find(['/', '#']).unwrap_or(after.len());
            format!("{before}{}", &after[end..])
        }
        None => name.to_owned(),
    };
    plain(wanted) == plain(name) || plain(wanted) == plain(&without_version)
}
