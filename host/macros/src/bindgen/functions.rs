//! The parts of functions that imports and exports share.

use super::generator::{Generator, Place};
use super::names::{ident, snake, snake_ident};
use anyhow::{Result, bail};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use wit_parser::{Function, FunctionKind, Type, TypeDefKind, TypeId};

/// A function in Rust.
pub(super) struct Signature {
    /// The method's name.
    pub(super) method: Ident,
    /// The parameters' names.
    pub(super) params: Vec<Ident>,
    /// Their types.
    pub(super) types: Vec<TokenStream>,
    /// The type of the result, if there is one.
    pub(super) result: Option<TokenStream>,
}

impl Signature {
    /// The parameters as a tuple type.
    pub(super) fn params_type(&self) -> TokenStream {
        let types = &self.types;
        quote!((#(#types,)*))
    }

    /// The result as a tuple type.
    pub(super) fn result_type(&self) -> TokenStream {
        match &self.result {
            Some(ty) => quote!((#ty,)),
            None => quote!(()),
        }
    }

    /// The result as a type.
    pub(super) fn result_or_unit(&self) -> TokenStream {
        self.result.clone().unwrap_or_else(|| quote!(()))
    }
}

/// The resource that a function belongs to.
pub(super) fn resource_of(function: &Function) -> Option<TypeId> {
    match function.kind {
        FunctionKind::Freestanding | FunctionKind::AsyncFreestanding => None,
        FunctionKind::Method(id)
        | FunctionKind::AsyncMethod(id)
        | FunctionKind::Static(id)
        | FunctionKind::AsyncStatic(id)
        | FunctionKind::Constructor(id) => Some(id),
    }
}

impl Generator<'_> {
    /// The Rust form of a function.
    pub(super) fn signature(&self, function: &Function, place: Place) -> Result<Signature> {
        let name = &function.name;
        let method = match function.kind {
            FunctionKind::AsyncFreestanding | FunctionKind::AsyncMethod(_) | FunctionKind::AsyncStatic(_) => {
                bail!("`{name}` is an `async func`, which threads that run in parallel cannot call: leave `async` out")
            }
            FunctionKind::Constructor(_) => ident("new"),
            FunctionKind::Freestanding | FunctionKind::Method(_) | FunctionKind::Static(_) => {
                snake_ident(function.item_name())
            }
        };
        let params = function.params.iter().map(|param| ident(&snake(&param.name)));
        let types = function.params.iter().map(|param| self.ty(&param.ty, place));
        Ok(Signature {
            method,
            params: params.collect(),
            types: types.collect::<Result<_>>()?,
            result: function.result.as_ref().map(|ty| self.ty(ty, place)).transpose()?,
        })
    }

    /// The result of a host's method that gives a Rust error, which stands for the error type `error`.
    pub(super) fn trappable_result(&self, function: &Function, place: Place) -> Result<Option<(TypeId, TokenStream)>> {
        let Some(error) = self.error_of(function) else {
            return Ok(None);
        };
        let (Some(rust), Some(Type::Id(result))) = (self.trappable_error(error, place), function.result) else {
            return Ok(None);
        };
        let ok = match &self.resolve.types[self.original(result)].kind {
            TypeDefKind::Result(wit_parser::Result_ { ok: Some(ok), .. }) => self.ty(ok, place)?,
            _ => quote!(()),
        };
        Ok(Some((error, quote!(::core::result::Result<#ok, #rust>))))
    }
}
