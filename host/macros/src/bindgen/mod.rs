//! `bindgen!`: generates Rust traits for the imports of a WIT world, and typed calls for its exports.
//!
//! **Problem.** WIT declares a host function's name, parameters and result. If a host repeats them in Rust by hand,
//! mistakes show only at instantiation. **Before:** a world that `wit-parser` has resolved. **After:** modules that
//! mirror its packages and interfaces, each with its types, a trait `Host` and `add_to_linker`; and a type for the
//! world with a method for each export.
//!
//! The methods take `&self`, because many guest threads call a host at once. Otherwise the names are those of Wasmtime's `bindgen!`.
//!
//! **Rejected:** the code that Wasmtime's macro generates, with weft instead of Wasmtime (its traits take `&mut self`,
//! and its functions a `StoreContextMut` that outlives the call); `wit-bindgen-core` (what it adds to `wit-parser` is
//! for guests).

mod exports;
mod functions;
mod generator;
mod interfaces;
mod modules;
mod names;
mod options;
mod source;
mod types;
mod world;

pub(crate) use options::Options;

use proc_macro2::{Span, TokenStream};
use syn::Error;

/// Expands the macro, or says why that cannot be done.
pub(crate) fn expand(options: &Options) -> TokenStream {
    let expanded = source::read(options).and_then(|source| {
        let generator = generator::Generator::new(&source.resolve, source.world, options)?;
        let code = world::expand(&generator)?;
        let files = source.files;
        Ok(quote::quote! {
            // Makes the compiler expand the macro again when a file changes.
            #(const _: &str = include_str!(#files);)*
            #code
        })
    });
    expanded.unwrap_or_else(|error| Error::new(Span::call_site(), format!("{error:#}")).into_compile_error())
}
