//! The macros of the crate `weft`, which re-exports them: use them from there.
//!
//! - The derives of `ComponentType`, `Lift` and `Lower` map Rust types to interface types.
//! - `flags!` defines a type for flags.
//! - `bindgen!` generates traits and types for a WIT world.
//!
//! The generated code refers to `::weft`.

mod bindgen;
mod derive;
mod flags;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a Rust type correspond to a type of WIT.
///
/// Say which kind of type it is: put `#[component(record)]` on a struct with named fields, `#[component(variant)]` on an enum whose
/// variants have at most one field, or `#[component(enum)]` on an enum whose variants have none. The name of a field or variant in WIT is
/// its Rust name in kebab case. To give it another name, use `#[component(name = "...")]`.
#[proc_macro_derive(ComponentType, attributes(component))]
pub fn component_type(input: TokenStream) -> TokenStream {
    derive::expand(&parse_macro_input!(input as DeriveInput), derive::Trait::ComponentType).into()
}

/// Lifts values that a guest passes to a Rust type. The type must be a `ComponentType` with the same attributes.
#[proc_macro_derive(Lift, attributes(component))]
pub fn lift(input: TokenStream) -> TokenStream {
    derive::expand(&parse_macro_input!(input as DeriveInput), derive::Trait::Lift).into()
}

/// Lowers values of a Rust type to a guest. The type must be a `ComponentType` with the same attributes.
#[proc_macro_derive(Lower, attributes(component))]
pub fn lower(input: TokenStream) -> TokenStream {
    derive::expand(&parse_macro_input!(input as DeriveInput), derive::Trait::Lower).into()
}

/// Defines a type for flags of WIT, with a constant for each flag and the operators of sets.
///
/// ```ignore
/// weft::flags! {
///     Permissions {
///         #[component(name = "read")]
///         const READ;
///         #[component(name = "write")]
///         const WRITE;
///     }
/// }
/// ```
#[proc_macro]
pub fn flags(input: TokenStream) -> TokenStream {
    flags::expand(&parse_macro_input!(input as flags::Flags)).into()
}

/// Generates traits and types for a WIT world.
///
/// ```ignore
/// weft::bindgen!({
///     // The world, unless the package has one alone.
///     world: "gallery",
///     // Files or folders, from the folder of the crate. `wit` by default. Or a package in the macro, as `inline: "..."`.
///     path: "wit",
///     // How functions are imported. `async: true` is short for `imports: { default: async }`.
///     imports: {
///         default: trappable,
///         "test:gallery/store#load": async | trappable,
///         "test:gallery/store#[method]image.name": blocking,
///     },
///     // The host's own types for resources, and modules of another `bindgen!` for interfaces.
///     with: { "test:gallery/store/image": crate::Image },
///     // The host's own types for errors.
///     trappable_error_type: { "test:gallery/types/failure" => crate::Failure },
///     additional_derives: [PartialEq],
/// });
/// ```
///
/// Each imported interface becomes a module with its types, a trait `Host`, a trait for each resource, and `add_to_linker`. The methods of
/// the traits take `&self`, because many guest threads call them at once. The world becomes a type with `add_to_linker`, `instantiate`, and
/// two methods for each export: one blocks the calling thread, and the one whose name ends in `_async` returns a future. An exported
/// interface becomes a type `Guest`.
#[proc_macro]
pub fn bindgen(input: TokenStream) -> TokenStream {
    bindgen::expand(&parse_macro_input!(input as bindgen::Options)).into()
}
