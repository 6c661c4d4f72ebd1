//! Exports: a type for each interface, with a method for each function.

use super::functions::{Signature, resource_of};
use super::generator::{Generator, Place};
use super::names::{camel_ident, snake_ident};
use super::types::docs;
use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use wit_parser::{Function, InterfaceId, TypeDefKind, WorldKey};

/// A function that is called.
pub(super) struct Exported {
    /// The field that has it.
    pub(super) field: Ident,
    /// The field's type.
    pub(super) ty: TokenStream,
    signature: Signature,
    docs: TokenStream,
    name: String,
}

impl Exported {
    pub(super) fn new(generator: &Generator<'_>, function: &Function, place: Place) -> Result<Self> {
        let signature = generator.signature(function, place)?;
        let resource = resource_of(function).and_then(|id| generator.resolve.types[id].name.as_deref());
        let field = match resource {
            Some(resource) => format_ident!("{}_{}", snake_ident(resource), signature.method),
            None => format_ident!("func_{}", signature.method),
        };
        let (params, result) = (signature.params_type(), signature.result_type());
        Ok(Exported {
            field,
            ty: quote!(::weft::TypedFunc<T, #params, #result>),
            docs: docs(&function.docs),
            name: function.name.clone(),
            signature,
        })
    }

    /// The field with its value. `path` leads to the function in the instance.
    pub(super) fn find(&self, interface: Option<&str>) -> TokenStream {
        let (field, name) = (&self.field, &self.name);
        let path = match interface {
            Some(interface) => quote!(&[#interface, #name]),
            None => quote!(&[#name]),
        };
        quote!(#field: instance.get_typed_func(#path)?,)
    }

    /// The methods that call the function, which `funcs` has.
    pub(super) fn methods(&self, funcs: &TokenStream) -> TokenStream {
        let Exported {
            field, docs, signature, ..
        } = self;
        let method = match self.name.starts_with("[constructor]") {
            true => format_ident!("call_constructor"),
            false => format_ident!("call_{}", signature.method),
        };
        let method_async = format_ident!("{method}_async");
        let (params, types) = (&signature.params, &signature.types);
        let result = signature.result_or_unit();
        let take = match signature.result {
            Some(_) => quote!(result.0),
            None => quote!(result),
        };
        quote! {
            #docs
            ///
            /// Waits on the calling thread.
            pub fn #method(&self, #(#params: #types),*) -> ::core::result::Result<#result, ::weft::Error> {
                let result = #funcs.#field.call((#(#params,)*))?;
                ::core::result::Result::Ok(#take)
            }

            #docs
            pub async fn #method_async(&self, #(#params: #types),*) -> ::core::result::Result<#result, ::weft::Error> {
                let result = #funcs.#field.call_async((#(#params,)*)).await?;
                ::core::result::Result::Ok(#take)
            }
        }
    }
}

/// The module of an exported interface.
pub(super) fn expand(generator: &Generator<'_>, key: &WorldKey, id: InterfaceId) -> Result<(Vec<String>, TokenStream)> {
    let module = generator.module(key, true);
    let place = Place {
        depth: module.len(),
        exports: true,
    };
    let interface = &generator.resolve.interfaces[id];
    let mut code = TokenStream::new();
    for (name, id) in &interface.types {
        code.extend(generator.define(name, *id, place)?);
    }
    let functions = interface.functions.values();
    let functions: Vec<_> = functions
        .map(|function| Ok((resource_of(function), Exported::new(generator, function, place)?)))
        .collect::<Result<_>>()?;
    let name = generator.resolve.name_world_key(key);
    let fields = functions
        .iter()
        .map(|(_, Exported { field, ty, .. })| quote!(#field: #ty,));
    let found = functions.iter().map(|(_, function)| function.find(Some(&name)));
    let this = quote!(self);
    let methods = functions
        .iter()
        .filter(|(resource, _)| resource.is_none())
        .map(|(_, function)| function.methods(&this));
    let resources = interface
        .types
        .iter()
        .filter(|(_, id)| matches!(generator.resolve.types[**id].kind, TypeDefKind::Resource));
    let resources = resources.map(|(name, id)| {
        let (getter, ty) = (snake_ident(name), format_ident!("Guest{}", camel_ident(name)));
        let funcs = quote!(self.guest);
        let of_resource = functions.iter().filter(|(resource, _)| *resource == Some(*id));
        let methods: Vec<_> = of_resource.map(|(_, function)| function.methods(&funcs)).collect();
        let getter = quote! {
            /// The functions of a resource.
            pub fn #getter(&self) -> #ty<'_, T> {
                #ty { guest: self }
            }
        };
        let ty = quote! {
            /// The functions of a resource, to call.
            pub struct #ty<'a, T: ::core::marker::Send + ::core::marker::Sync + 'static> {
                guest: &'a Guest<T>,
            }

            impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> #ty<'_, T> {
                #(#methods)*
            }
        };
        (getter, ty)
    });
    let (getters, types): (Vec<_>, Vec<_>) = resources.unzip();
    code.extend(quote! {
        /// The functions of the interface, to call.
        pub struct Guest<T: ::core::marker::Send + ::core::marker::Sync + 'static> {
            #(#fields)*
            marker: ::core::marker::PhantomData<fn(T)>,
        }

        impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> Guest<T> {
            /// Finds the functions in an instance.
            pub fn new(instance: &::weft::Instance<T>) -> ::core::result::Result<Self, ::weft::Error> {
                ::core::result::Result::Ok(Guest {
                    #(#found)*
                    marker: ::core::marker::PhantomData,
                })
            }

            #(#methods)*
            #(#getters)*
        }

        #(#types)*
    });
    Ok((module, code))
}
