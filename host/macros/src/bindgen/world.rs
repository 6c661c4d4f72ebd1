//! The world: all modules, the world's own imports and exports, and the type that stands for an instance of it.

use super::exports::{self, Exported};
use super::generator::{Generator, ROOT};
use super::interfaces::{self, Imports};
use super::modules::Modules;
use super::names::{camel_ident, ident, snake};
use super::types::docs;
use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use wit_parser::{WorldItem, WorldKey};

pub(super) fn expand(generator: &Generator<'_>) -> Result<TokenStream> {
    let mut modules = Modules::default();
    modules.add(&[], generator.with_imports());
    let mut hosts = Vec::new();
    for (key, item) in &generator.world.imports {
        let WorldItem::Interface { id, .. } = item else {
            continue;
        };
        if generator.is_given(*id) {
            continue;
        }
        let (module, code, has_host) = interfaces::expand(generator, key, *id)?;
        modules.add(&module, code);
        if has_host {
            hosts.push(module);
        }
    }
    let mut interfaces = Vec::new();
    for (key, item) in &generator.world.exports {
        if let WorldItem::Interface { id, .. } = item {
            let (module, code) = exports::expand(generator, key, *id)?;
            modules.add(&module, code);
            interfaces.push((getter(generator, key), module));
        }
    }
    modules.add(&[], own(generator, &hosts, &interfaces)?);
    Ok(modules.into_tokens())
}

/// The name of the method that gives an exported interface.
fn getter(generator: &Generator<'_>, key: &WorldKey) -> Ident {
    ident(&generator.module(key, false).join("_"))
}

fn path(module: &[String]) -> TokenStream {
    let path = module.iter().map(|name| ident(name));
    quote!(#(#path)::*)
}

/// The world's own items.
fn own(generator: &Generator<'_>, hosts: &[Vec<String>], interfaces: &[(Ident, Vec<String>)]) -> Result<TokenStream> {
    let world = generator.world;
    let mut code = TokenStream::new();
    let (mut functions, mut types) = (Vec::new(), Vec::new());
    for (key, item) in &world.imports {
        match (key, item) {
            (_, WorldItem::Function(function)) => functions.push(function),
            (WorldKey::Name(name), WorldItem::Type { id, .. }) => {
                code.extend(generator.define(name, *id, ROOT)?);
                types.push((name.as_str(), *id));
            }
            (WorldKey::Interface(_), WorldItem::Type { .. }) | (_, WorldItem::Interface { .. }) => {}
        }
    }
    let imports = Imports::new(
        generator,
        None,
        functions,
        types.into_iter(),
        ROOT,
        generator.imports_trait(),
    );
    let mut bounds: Vec<_> = hosts
        .iter()
        .map(|module| path(module))
        .map(|path| quote!(#path::Host))
        .collect();
    let mut definitions = TokenStream::new();
    for module in hosts {
        let path = path(module);
        definitions.extend(quote!(#path::add_to_linker(linker, host_getter)?;));
    }
    if !imports.is_empty() {
        code.extend(interfaces::traits(generator, &imports)?);
        bounds.push(interfaces::bounds(generator, &imports));
        let own = interfaces::definitions(generator, &imports)?;
        definitions.extend(quote! {
            let mut instance = linker.root();
            #own
        });
    }
    code.extend(instance(generator, &bounds, &definitions, interfaces)?);
    Ok(code)
}

/// The type that stands for an instance of the world.
fn instance(
    generator: &Generator<'_>,
    bounds: &[TokenStream],
    definitions: &TokenStream,
    interfaces: &[(Ident, Vec<String>)],
) -> Result<TokenStream> {
    let world = generator.world;
    let functions = world.exports.values().filter_map(|item| match item {
        WorldItem::Function(function) => Some(function),
        WorldItem::Interface { .. } | WorldItem::Type { .. } => None,
    });
    let functions: Vec<_> = functions
        .map(|function| Exported::new(generator, function, ROOT))
        .collect::<Result<_>>()?;
    let fields = functions.iter().map(|Exported { field, ty, .. }| quote!(#field: #ty,));
    let found = functions.iter().map(|function| function.find(None));
    let this = quote!(self);
    let methods = functions.iter().map(|function| function.methods(&this));
    let (getters, paths): (Vec<_>, Vec<_>) = interfaces.iter().map(|(getter, module)| (getter, path(module))).unzip();
    let (docs, name) = (docs(&world.docs), camel_ident(&world.name));
    let constructors = constructors(bounds, definitions);
    let interface_fields: Vec<_> = getters
        .iter()
        .map(|getter| format_ident!("interface_{getter}"))
        .collect();
    let about = format!(
        "An instance of a component that implements the world `{}`.",
        snake(&world.name).replace('_', "-")
    );
    Ok(quote! {
        #[doc = #about]
        ///
        #docs
        #[allow(dead_code, reason = "not each function is called")]
        pub struct #name<T: ::core::marker::Send + ::core::marker::Sync + 'static> {
            #(#fields)*
            #(#interface_fields: #paths::Guest<T>,)*
            instance: ::weft::Instance<T>,
        }

        #[allow(missing_docs, dead_code, clippy::all, reason = "the names are the world's")]
        impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> #name<T> {
            #constructors

            /// Finds what an instance exports.
            pub fn new(instance: ::weft::Instance<T>) -> ::core::result::Result<Self, ::weft::Error> {
                ::core::result::Result::Ok(Self {
                    #(#found)*
                    #(#interface_fields: #paths::Guest::new(&instance)?,)*
                    instance,
                })
            }

            /// The instance, which ends when this is dropped.
            pub fn instance(&self) -> &::weft::Instance<T> {
                &self.instance
            }

            /// The instance without the Rust types.
            pub fn into_instance(self) -> ::weft::Instance<T> {
                self.instance
            }

            #(#methods)*

            #(
                /// The functions of an interface.
                pub fn #getters(&self) -> &#paths::Guest<T> {
                    &self.#interface_fields
                }
            )*
        }
    })
}

/// The functions that define what the world imports, and make an instance.
fn constructors(bounds: &[TokenStream], definitions: &TokenStream) -> TokenStream {
    let bounds = quote!(#(#bounds +)* 'static);
    quote! {
        /// Defines all that the world imports in a linker. `host_getter` finds what implements it in the state that the threads of a
        /// program share.
        #[allow(unused_variables, unused_mut, reason = "a world may import nothing")]
        pub fn add_to_linker<H>(
            linker: &mut ::weft::Linker<T>,
            host_getter: fn(&T) -> &H,
        ) -> ::core::result::Result<(), ::weft::Error>
        where
            H: #bounds,
        {
            #definitions
            ::core::result::Result::Ok(())
        }

        /// Makes an instance of a component, and finds what it exports. Waits on the calling thread.
        pub fn instantiate(
            linker: &::weft::Linker<T>,
            component: &::weft::Component,
            host: T,
        ) -> ::core::result::Result<Self, ::weft::Error> {
            Self::new(linker.instantiate(component, host)?)
        }

        /// Makes an instance of a component, and finds what it exports.
        pub async fn instantiate_async(
            linker: &::weft::Linker<T>,
            component: &::weft::Component,
            host: T,
        ) -> ::core::result::Result<Self, ::weft::Error> {
            Self::new(linker.instantiate_async(component, host).await?)
        }
    }
}
