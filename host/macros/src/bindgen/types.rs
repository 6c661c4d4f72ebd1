//! The types of an interface or a world as Rust types.

use super::generator::{Generator, Place};
use super::names::{camel_ident, ident, snake_ident};
use anyhow::{Result, bail};
use heck::ToShoutySnakeCase;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use wit_parser::{Docs, Handle, Type, TypeDef, TypeDefKind, TypeId};

/// The documentation of an item.
pub(super) fn docs(docs: &Docs) -> TokenStream {
    match &docs.contents {
        Some(text) => quote!(#[doc = #text]),
        None => TokenStream::new(),
    }
}

impl Generator<'_> {
    /// A type as it stands in Rust code.
    pub(super) fn ty(&self, ty: &Type, place: Place) -> Result<TokenStream> {
        Ok(match ty {
            Type::Bool => quote!(bool),
            Type::U8 => quote!(u8),
            Type::U16 => quote!(u16),
            Type::U32 => quote!(u32),
            Type::U64 => quote!(u64),
            Type::S8 => quote!(i8),
            Type::S16 => quote!(i16),
            Type::S32 => quote!(i32),
            Type::S64 => quote!(i64),
            Type::F32 => quote!(f32),
            Type::F64 => quote!(f64),
            Type::Char => quote!(char),
            Type::String => quote!(::std::string::String),
            Type::ErrorContext => bail!("the host cannot pass type `error-context`: use another type"),
            Type::Id(id) => self.type_of(*id, place)?,
        })
    }

    fn type_of(&self, id: TypeId, place: Place) -> Result<TokenStream> {
        let ty = &self.resolve.types[id];
        match &ty.kind {
            TypeDefKind::Handle(handle) => Ok(self.handle(*handle, place)),
            _ if ty.name.is_some() => Ok(self.type_path(id, place)),
            _ => self.structure(ty, place),
        }
    }

    fn handle(&self, handle: Handle, place: Place) -> TokenStream {
        let (Handle::Own(resource) | Handle::Borrow(resource)) = handle;
        let resource = self.original(resource);
        match self.is_guests(resource, place) {
            true => quote!(::weft::ResourceAny),
            false => {
                let path = self.type_path(resource, place);
                quote!(::weft::Resource<#path>)
            }
        }
    }

    /// A type without a name of its own.
    fn structure(&self, ty: &TypeDef, place: Place) -> Result<TokenStream> {
        let payload = |ty: &Option<Type>| match ty {
            Some(ty) => self.ty(ty, place),
            None => Ok(quote!(())),
        };
        Ok(match &ty.kind {
            TypeDefKind::Tuple(tuple) => {
                let types: Vec<_> = tuple.types.iter().map(|ty| self.ty(ty, place)).collect::<Result<_>>()?;
                quote!((#(#types,)*))
            }
            TypeDefKind::Option(some) => {
                let some = self.ty(some, place)?;
                quote!(::core::option::Option<#some>)
            }
            TypeDefKind::Result(result) => {
                let (ok, error) = (payload(&result.ok)?, payload(&result.err)?);
                quote!(::core::result::Result<#ok, #error>)
            }
            TypeDefKind::List(element) => {
                let element = self.ty(element, place)?;
                quote!(::std::vec::Vec<#element>)
            }
            TypeDefKind::FixedLengthList(element, length) => {
                let (element, length) = (self.ty(element, place)?, *length as usize);
                quote!([#element; #length])
            }
            TypeDefKind::Map(key, value) => {
                let (key, value) = (self.ty(key, place)?, self.ty(value, place)?);
                quote!(::std::collections::HashMap<#key, #value>)
            }
            TypeDefKind::Type(ty) => self.ty(ty, place)?,
            TypeDefKind::Handle(handle) => self.handle(*handle, place),
            TypeDefKind::Record(_)
            | TypeDefKind::Resource
            | TypeDefKind::Flags(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Unknown => {
                let kind = ty.kind.as_str();
                bail!("the host cannot pass type `{kind}`: use another type")
            }
        })
    }

    /// Whether a value contains a handle of a resource of the host, of which there is no copy.
    fn has_handles(&self, ty: &Type, place: Place) -> bool {
        let Type::Id(id) = ty else {
            return false;
        };
        let any =
            |mut types: &mut dyn Iterator<Item = &Type>| Iterator::any(&mut types, |ty| self.has_handles(ty, place));
        match &self.resolve.types[*id].kind {
            TypeDefKind::Handle(Handle::Own(resource) | Handle::Borrow(resource)) => {
                !self.is_guests(self.original(*resource), place)
            }
            TypeDefKind::Record(record) => any(&mut record.fields.iter().map(|field| &field.ty)),
            TypeDefKind::Tuple(tuple) => any(&mut tuple.types.iter()),
            TypeDefKind::Variant(variant) => any(&mut variant.cases.iter().filter_map(|case| case.ty.as_ref())),
            TypeDefKind::Result(result) => any(&mut result.ok.iter().chain(&result.err)),
            TypeDefKind::Option(ty)
            | TypeDefKind::List(ty)
            | TypeDefKind::FixedLengthList(ty, _)
            | TypeDefKind::Type(ty) => self.has_handles(ty, place),
            TypeDefKind::Map(key, value) => any(&mut [key, value].into_iter()),
            TypeDefKind::Resource
            | TypeDefKind::Flags(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Unknown => false,
        }
    }

    /// The definition of a type that has a name.
    pub(super) fn define(&self, name: &str, id: TypeId, place: Place) -> Result<TokenStream> {
        let ty = &self.resolve.types[id];
        let (docs, ident) = (docs(&ty.docs), camel_ident(name));
        let clone = (!self.has_handles(&Type::Id(id), place)).then(|| quote!(::core::clone::Clone,));
        let derives = &self.options.derives;
        let derives = quote! {
            #[derive(
                ::weft::ComponentType, ::weft::Lift, ::weft::Lower, ::core::fmt::Debug, #clone #(#derives,)*
            )]
        };
        let definition = match &ty.kind {
            TypeDefKind::Record(record) => {
                let fields = record.fields.iter().map(|field| {
                    let (docs, name, ident) = (self::docs(&field.docs), &field.name, snake_ident(&field.name));
                    let ty = self.ty(&field.ty, place)?;
                    Ok(quote!(#docs #[component(name = #name)] pub #ident: #ty,))
                });
                let fields: Vec<_> = fields.collect::<Result<_>>()?;
                quote!(#docs #derives #[component(record)] pub struct #ident { #(#fields)* })
            }
            TypeDefKind::Variant(variant) => {
                let cases = variant.cases.iter().map(|case| {
                    let (docs, name, ident) = (self::docs(&case.docs), &case.name, camel_ident(&case.name));
                    let payload = case.ty.as_ref().map(|ty| self.ty(ty, place)).transpose()?;
                    let payload = payload.map(|ty| quote!((#ty)));
                    Ok(quote!(#docs #[component(name = #name)] #ident #payload,))
                });
                let cases: Vec<_> = cases.collect::<Result<_>>()?;
                quote!(#docs #derives #[component(variant)] pub enum #ident { #(#cases)* })
            }
            TypeDefKind::Enum(cases) => {
                let cases = cases.cases.iter().map(|case| {
                    let (docs, name, ident) = (self::docs(&case.docs), &case.name, camel_ident(&case.name));
                    quote!(#docs #[component(name = #name)] #ident,)
                });
                // What all enums have, unless it is asked for too.
                let equality = ["Copy", "PartialEq", "Eq", "Hash"].into_iter().filter(|name| {
                    let mut asked = self.options.derives.iter();
                    !asked.any(|path| path.segments.last().is_some_and(|last| last.ident == name))
                });
                let equality = equality.map(super::names::ident);
                quote! {
                    #docs #derives #[derive(#(#equality),*)] #[component(enum)] pub enum #ident { #(#cases)* }
                }
            }
            TypeDefKind::Flags(flags) => {
                let flags = flags.flags.iter().map(|flag| {
                    let (docs, name) = (self::docs(&flag.docs), &flag.name);
                    let ident = super::names::ident(&flag.name.to_shouty_snake_case());
                    quote!(#docs #[component(name = #name)] const #ident;)
                });
                return Ok(quote!(::weft::flags! { #docs pub #ident { #(#flags)* } }));
            }
            TypeDefKind::Resource => return Ok(self.resource(id, &ident, &docs, place)),
            TypeDefKind::Type(Type::Id(of)) if self.is_guests_alias(*of, place) => return Ok(TokenStream::new()),
            _ => {
                let ty = self.structure(ty, place)?;
                return Ok(quote!(#docs pub type #ident = #ty;));
            }
        };
        let error = self.is_error(id).then(|| {
            quote! {
                impl ::core::fmt::Display for #ident {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        ::core::fmt::Debug::fmt(self, f)
                    }
                }

                impl ::std::error::Error for #ident {}
            }
        });
        Ok(quote!(#definition #error))
    }

    /// Whether a type is another name of a resource that the component defines, for which there is no Rust type.
    fn is_guests_alias(&self, id: TypeId, place: Place) -> bool {
        let original = self.original(id);
        matches!(self.resolve.types[original].kind, TypeDefKind::Resource) && self.is_guests(original, place)
    }

    fn resource(&self, id: TypeId, ident: &Ident, docs: &TokenStream, place: Place) -> TokenStream {
        if self.is_guests(id, place) {
            return TokenStream::new();
        }
        match self.with_type(id, place) {
            Some(given) => quote!(#docs pub type #ident = #given;),
            None => quote!(#docs pub enum #ident {}),
        }
    }
}

/// The name of the trait of a resource.
pub(super) fn host_trait(resource: &str) -> Ident {
    let name = super::names::camel(resource);
    ident(&format!("Host{name}"))
}
