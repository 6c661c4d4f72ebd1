//! The tree of generated modules.

use super::names::ident;
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeMap;

/// A module: what is in it, and the modules in it.
#[derive(Default)]
pub(super) struct Modules {
    items: TokenStream,
    children: BTreeMap<String, Modules>,
}

impl Modules {
    /// Adds items to the module of a path.
    pub(super) fn add(&mut self, path: &[String], items: TokenStream) {
        match path.split_first() {
            None => self.items.extend(items),
            Some((first, rest)) => self.children.entry(first.clone()).or_default().add(rest, items),
        }
    }

    /// The outermost items and modules.
    pub(super) fn into_tokens(self) -> TokenStream {
        let Modules { items, children } = self;
        let children = children.into_iter().map(|(name, module)| {
            let (name, content) = (ident(&name), module.into_tokens());
            quote! {
                #[allow(missing_docs, dead_code, private_interfaces, clippy::all, reason = "the names are the package's")]
                pub mod #name { #content }
            }
        });
        quote!(#items #(#children)*)
    }
}
