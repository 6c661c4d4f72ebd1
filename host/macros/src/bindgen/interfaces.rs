//! Imported interfaces: their types, a trait `Host` that the host implements, and `add_to_linker`.

use super::functions::resource_of;
use super::generator::{Generator, Place};
use super::names::{camel_ident, ident, snake};
use super::types::{docs, host_trait};
use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use wit_parser::{Function, InterfaceId, TypeDefKind, TypeId, WorldKey};

/// Functions and resources that are imported together: those of an interface, or the world's own.
pub(super) struct Imports<'a> {
    /// The interface.
    pub(super) key: Option<&'a WorldKey>,
    pub(super) functions: Vec<&'a Function>,
    /// The resource types by name.
    pub(super) resources: Vec<(&'a str, TypeId)>,
    /// The types whose errors are Rust types.
    errors: Vec<TypeId>,
    pub(super) place: Place,
    /// The trait's name.
    pub(super) host: Ident,
}

impl<'a> Imports<'a> {
    pub(super) fn new(
        generator: &'a Generator<'_>,
        key: Option<&'a WorldKey>,
        functions: Vec<&'a Function>,
        types: impl Iterator<Item = (&'a str, TypeId)>,
        place: Place,
        host: Ident,
    ) -> Self {
        let types: Vec<_> = types.collect();
        let is_resource = |id: TypeId| matches!(generator.resolve.types[id].kind, TypeDefKind::Resource);
        let errors = types.iter().map(|(_, id)| *id);
        Imports {
            key,
            functions,
            errors: errors
                .filter(|id| generator.trappable_error(*id, place).is_some())
                .collect(),
            resources: types.into_iter().filter(|(_, id)| is_resource(*id)).collect(),
            place,
            host,
        }
    }

    /// Whether the host must implement nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.functions.is_empty() && self.resources.is_empty() && self.errors.is_empty()
    }
}

/// The module of an imported interface. The second value says whether the host must implement something.
pub(super) fn expand(
    generator: &Generator<'_>,
    key: &WorldKey,
    id: InterfaceId,
) -> Result<(Vec<String>, TokenStream, bool)> {
    let module = generator.module(key, false);
    let place = Place {
        depth: module.len(),
        exports: false,
    };
    let interface = &generator.resolve.interfaces[id];
    let mut code = TokenStream::new();
    for (name, id) in &interface.types {
        code.extend(generator.define(name, *id, place)?);
    }
    let types = interface.types.iter().map(|(name, id)| (name.as_str(), *id));
    let functions = interface.functions.values().collect();
    let imports = Imports::new(generator, Some(key), functions, types, place, ident("Host"));
    if imports.is_empty() {
        return Ok((module, code, false));
    }
    code.extend(traits(generator, &imports)?);
    let name = generator.resolve.name_world_key(key);
    let definitions = definitions(generator, &imports)?;
    let bounds = bounds(generator, &imports);
    code.extend(quote! {
        /// Defines the functions and resources of the interface in a linker. `host_getter` finds what implements them in the state that the
        /// threads of a program share.
        pub fn add_to_linker<T, H>(
            linker: &mut ::weft::Linker<T>,
            host_getter: fn(&T) -> &H,
        ) -> ::core::result::Result<(), ::weft::Error>
        where
            T: ::core::marker::Send + ::core::marker::Sync + 'static,
            H: #bounds + 'static,
        {
            let mut instance = linker.instance(#name)?;
            #definitions
            ::core::result::Result::Ok(())
        }
    });
    Ok((module, code, true))
}

/// What the host implements: the trait itself, and those of the interfaces whose errors it gives.
pub(super) fn bounds(generator: &Generator<'_>, imports: &Imports<'_>) -> TokenStream {
    let host = &imports.host;
    let mut bounds = vec![quote!(#host).to_string()];
    for function in &imports.functions {
        if let Some(error) = generator
            .error_of(function)
            .filter(|id| generator.trappable_error(*id, imports.place).is_some())
        {
            let bound = converter(generator, imports, error).to_string();
            if !bounds.contains(&bound) {
                bounds.push(bound);
            }
        }
    }
    let bounds = bounds.iter().filter_map(|bound| bound.parse::<TokenStream>().ok());
    quote!(#(#bounds)+*)
}

/// The trait that converts a Rust error type to the error type of the interface.
fn converter(generator: &Generator<'_>, imports: &Imports<'_>, error: TypeId) -> TokenStream {
    if imports.errors.contains(&error) {
        let host = &imports.host;
        return quote!(#host);
    }
    match generator.resolve.types[error].owner {
        wit_parser::TypeOwner::Interface(interface) => {
            let path = generator.interface_path(interface, imports.place);
            quote!(#path::Host)
        }
        wit_parser::TypeOwner::World(_) | wit_parser::TypeOwner::None => {
            let (supers, host) = (imports.place.supers(), generator.imports_trait());
            quote!(#supers #host)
        }
    }
}

fn convert_method(generator: &Generator<'_>, error: TypeId) -> Ident {
    let name = generator.resolve.types[error].name.as_deref().unwrap_or_default();
    format_ident!("convert_{}", snake(name))
}

/// The traits that the host implements.
pub(super) fn traits(generator: &Generator<'_>, imports: &Imports<'_>) -> Result<TokenStream> {
    let mut code = TokenStream::new();
    for (name, id) in &imports.resources {
        let functions = imports
            .functions
            .iter()
            .filter(|function| resource_of(function) == Some(*id));
        let methods: Vec<_> = functions
            .map(|function| method(generator, imports, function))
            .collect::<Result<_>>()?;
        let (host, resource) = (host_trait(name), camel_ident(name));
        code.extend(quote! {
            /// The functions of a resource. Many threads call them at once.
            pub trait #host: ::core::marker::Send + ::core::marker::Sync {
                #(#methods)*

                /// Disposes of a resource whose owner has dropped it.
                fn drop(&self, rep: ::weft::Resource<#resource>) -> ::weft::wasmtime::Result<()>;
            }
        });
    }
    let functions = imports
        .functions
        .iter()
        .filter(|function| resource_of(function).is_none());
    let methods: Vec<_> = functions
        .map(|function| method(generator, imports, function))
        .collect::<Result<_>>()?;
    let converters = imports.errors.iter().filter_map(|error| {
        let (method, rust) = (
            convert_method(generator, *error),
            generator.trappable_error(*error, imports.place)?,
        );
        let path = generator.type_path(*error, imports.place);
        Some(quote! {
            /// What a guest is given for an error, or the error with which the program ends.
            fn #method(&self, error: #rust) -> ::weft::wasmtime::Result<#path>;
        })
    });
    let (host, resources) = (
        &imports.host,
        imports.resources.iter().map(|(name, _)| host_trait(name)),
    );
    code.extend(quote! {
        /// What the host implements. Many threads call the methods at once.
        pub trait #host: #(#resources +)* ::core::marker::Send + ::core::marker::Sync {
            #(#methods)*
            #(#converters)*
        }
    });
    Ok(code)
}

/// The declaration of a method of the host.
fn method(generator: &Generator<'_>, imports: &Imports<'_>, function: &Function) -> Result<TokenStream> {
    let signature = generator.signature(function, imports.place)?;
    let options = generator.import_options(imports.key, function);
    let result = match generator.trappable_result(function, imports.place)? {
        Some((_, result)) => result,
        None => {
            let result = signature.result_or_unit();
            match options.trappable {
                true => quote!(::weft::wasmtime::Result<#result>),
                false => result,
            }
        }
    };
    let result = match options.is_async {
        true => quote!(impl ::core::future::Future<Output = #result> + ::core::marker::Send),
        false => result,
    };
    let (docs, method) = (docs(&function.docs), &signature.method);
    let (params, types) = (&signature.params, &signature.types);
    Ok(quote!(#docs fn #method(&self, #(#params: #types),*) -> #result;))
}

/// The definitions of functions and resources in `instance`.
pub(super) fn definitions(generator: &Generator<'_>, imports: &Imports<'_>) -> Result<TokenStream> {
    let mut code = TokenStream::new();
    for (name, _) in &imports.resources {
        let (host, resource) = (host_trait(name), camel_ident(name));
        code.extend(quote! {
            instance.resource(
                #name,
                ::weft::ResourceType::host::<#resource>(),
                move |thread: ::weft::ThreadContext<'_, T>, rep: u32| {
                    #host::drop(host_getter(thread.data().host()), ::weft::Resource::new_own(rep))
                },
            )?;
        });
    }
    for function in &imports.functions {
        code.extend(definition(generator, imports, function)?);
    }
    Ok(code)
}

fn definition(generator: &Generator<'_>, imports: &Imports<'_>, function: &Function) -> Result<TokenStream> {
    let signature = generator.signature(function, imports.place)?;
    let options = generator.import_options(imports.key, function);
    let host = match resource_of(function) {
        Some(resource) => host_trait(generator.resolve.types[resource].name.as_deref().unwrap_or_default()),
        None => imports.host.clone(),
    };
    let await_it = options.is_async.then(|| quote!(.await));
    let (method, params) = (&signature.method, &signature.params);
    let call = quote!(#host::#method(host, #(#params),*) #await_it);
    let call = match generator.trappable_result(function, imports.place)? {
        Some((error, _)) => {
            let (converter, method) = (converter(generator, imports, error), convert_method(generator, error));
            quote! {
                match #call {
                    ::core::result::Result::Ok(value) => ::core::result::Result::Ok(value),
                    ::core::result::Result::Err(error) => {
                        ::core::result::Result::Err(#converter::#method(host, error)?)
                    }
                }
            }
        }
        None if options.trappable => quote!(#call?),
        None => call,
    };
    let outcome = match signature.result {
        Some(_) => quote!(::weft::wasmtime::Result::Ok((#call,))),
        None => quote! {{
            #call;
            ::weft::wasmtime::Result::Ok(())
        }},
    };
    let (name, params_type) = (&function.name, signature.params_type());
    let pattern = quote!((#(#params,)*): #params_type);
    Ok(match (options.is_async, options.blocking) {
        (true, _) => quote! {
            instance.func_wrap_async(#name, move |thread: ::weft::ThreadContext<'_, T>, #pattern| {
                ::std::boxed::Box::new(async move {
                    let host = host_getter(thread.data().host());
                    #outcome
                })
            })?;
        },
        (false, true) => quote! {
            instance.func_wrap_blocking(#name, move |caller: ::weft::BlockingCaller<T>, #pattern| {
                let host = host_getter(caller.host());
                #outcome
            })?;
        },
        (false, false) => quote! {
            instance.func_wrap(#name, move |thread: ::weft::ThreadContext<'_, T>, #pattern| {
                let host = host_getter(thread.data().host());
                #outcome
            })?;
        },
    })
}
