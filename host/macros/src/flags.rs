//! Types that stand for flags: a set of bits, with a constant for each flag.

use crate::derive::name;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Result, Token, Visibility, braced};

/// The input of `flags!`.
pub(crate) struct Flags {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    ident: Ident,
    flags: Vec<Flag>,
}

struct Flag {
    attributes: Vec<Attribute>,
    ident: Ident,
    name: String,
}

impl Parse for Flags {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let ident: Ident = input.parse()?;
        let content;
        braced!(content in input);
        let flags: Punctuated<Flag, Token![;]> = content.parse_terminated(Flag::parse, Token![;])?;
        match flags.len() {
            1..=32 => {}
            0 => {
                return Err(Error::new(
                    ident.span(),
                    "the type has no flags: the component model requires at least one",
                ));
            }
            _ => {
                return Err(Error::new(
                    ident.span(),
                    "the type has more than 32 flags: the component model allows 32 at most",
                ));
            }
        }
        Ok(Flags {
            attributes,
            visibility,
            ident,
            flags: flags.into_iter().collect(),
        })
    }
}

impl Parse for Flag {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Token![const]>()?;
        let ident: Ident = input.parse()?;
        let name = name(&attributes, &ident)?;
        let is_doc = |attribute: &Attribute| !attribute.path().is_ident("component");
        Ok(Flag {
            attributes: attributes.into_iter().filter(is_doc).collect(),
            ident,
            name,
        })
    }
}

pub(crate) fn expand(input: &Flags) -> TokenStream {
    let Flags {
        attributes,
        visibility,
        ident,
        flags,
    } = input;
    let (repr, size) = match flags.len() {
        0..=8 => (format_ident!("u8"), 1_u32),
        9..=16 => (format_ident!("u16"), 2),
        _ => (format_ident!("u32"), 4),
    };
    let constants = flags.iter().enumerate().map(|(position, flag)| {
        let (attributes, ident) = (&flag.attributes, &flag.ident);
        quote! {
            #(#attributes)*
            pub const #ident: Self = Self { bits: 1 << #position };
        }
    });
    let idents: Vec<_> = flags.iter().map(|flag| &flag.ident).collect();
    let names: Vec<_> = flags.iter().map(|flag| &flag.name).collect();
    let count = flags.len();
    let operators = operators(ident);
    let conversions = conversions(ident, &repr, size, &names);
    quote! {
        #(#attributes)*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
        #visibility struct #ident { bits: #repr }

        #[allow(missing_docs, dead_code, reason = "the names are the component's")]
        impl #ident {
            #(#constants)*

            /// No flag.
            pub const fn empty() -> Self {
                Self { bits: 0 }
            }

            /// All flags.
            pub const fn all() -> Self {
                Self { bits: 0 #(| Self::#idents.bits)* }
            }

            /// The flags as bits. The first one is the lowest.
            pub const fn bits(&self) -> #repr {
                self.bits
            }

            /// Whether no flag is set.
            pub const fn is_empty(&self) -> bool {
                self.bits == 0
            }

            /// Whether all of the other flags are set.
            pub const fn contains(&self, other: Self) -> bool {
                self.bits & other.bits == other.bits
            }

            /// Whether one of the other flags is set.
            pub const fn intersects(&self, other: Self) -> bool {
                self.bits & other.bits != 0
            }
        }

        const _: () = {
            use ::weft::__internal as abi;

            impl ::core::fmt::Debug for #ident {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    let names: [(&str, Self); #count] = [#((#names, Self::#idents)),*];
                    let set = names.into_iter().filter(|(_, flag)| self.contains(*flag));
                    f.debug_set().entries(set.map(|(name, _)| name)).finish()
                }
            }

            #operators

            #conversions
        };
    }
}

/// The operators on sets of flags.
fn operators(ident: &Ident) -> TokenStream {
    quote! {
        impl ::core::ops::BitOr for #ident {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                Self { bits: self.bits | other.bits }
            }
        }

        impl ::core::ops::BitOrAssign for #ident {
            fn bitor_assign(&mut self, other: Self) {
                self.bits |= other.bits;
            }
        }

        impl ::core::ops::BitAnd for #ident {
            type Output = Self;

            fn bitand(self, other: Self) -> Self {
                Self { bits: self.bits & other.bits }
            }
        }

        impl ::core::ops::BitAndAssign for #ident {
            fn bitand_assign(&mut self, other: Self) {
                self.bits &= other.bits;
            }
        }

        impl ::core::ops::BitXor for #ident {
            type Output = Self;

            fn bitxor(self, other: Self) -> Self {
                Self { bits: self.bits ^ other.bits }
            }
        }

        impl ::core::ops::BitXorAssign for #ident {
            fn bitxor_assign(&mut self, other: Self) {
                self.bits ^= other.bits;
            }
        }

        impl ::core::ops::Sub for #ident {
            type Output = Self;

            fn sub(self, other: Self) -> Self {
                Self { bits: self.bits & !other.bits }
            }
        }

        impl ::core::ops::SubAssign for #ident {
            fn sub_assign(&mut self, other: Self) {
                self.bits &= !other.bits;
            }
        }

        impl ::core::ops::Not for #ident {
            type Output = Self;

            fn not(self) -> Self {
                Self::all() - self
            }
        }
    }
}

/// How a set of flags passes between the host and a guest.
fn conversions(ident: &Ident, repr: &Ident, size: u32, names: &[&String]) -> TokenStream {
    let size_usize = size as usize;
    quote! {
        impl abi::ComponentType for #ident {
            const FORM: abi::Form = abi::Form::scalar(#size);
            type Flat = abi::flat::One<i32>;

            fn typecheck(ty: abi::ValType, types: &abi::TypeCheck<'_>) -> ::core::result::Result<(), abi::Mismatch> {
                types.flags(ty, &[#(#names),*])
            }
        }

        impl abi::Lift for #ident {
            fn lift<M, H>(
                _: &mut abi::Lifter<'_, M, H>,
                _: abi::Ty<'_>,
                flat: &[u64],
            ) -> ::core::result::Result<Self, abi::Trap>
            where
                M: abi::GuestMemory + ?::core::marker::Sized,
                H: abi::Handles + ?::core::marker::Sized,
            {
                // Other bits mean nothing.
                ::core::result::Result::Ok(Self { bits: abi::flat_discriminant(flat)? as #repr } & Self::all())
            }

            fn load<M, H>(
                _: &mut abi::Lifter<'_, M, H>,
                _: abi::Ty<'_>,
                bytes: &[u8],
            ) -> ::core::result::Result<Self, abi::Trap>
            where
                M: abi::GuestMemory + ?::core::marker::Sized,
                H: abi::Handles + ?::core::marker::Sized,
            {
                let bits = #repr::from_le_bytes(abi::first::<#size_usize>(bytes)?);
                ::core::result::Result::Ok(Self { bits } & Self::all())
            }
        }

        impl abi::Lower for #ident {
            async fn lower<G: abi::Guest>(
                &self,
                _: &mut abi::Lowerer<'_, G>,
                _: abi::Ty<'_>,
                flat: &mut [u64],
            ) -> ::core::result::Result<(), G::Error> {
                ::core::result::Result::Ok(abi::lower_discriminant(self.bits.into(), flat)?)
            }

            async fn store<G: abi::Guest>(
                &self,
                cx: &mut abi::Lowerer<'_, G>,
                _: abi::Ty<'_>,
                address: u64,
            ) -> ::core::result::Result<(), G::Error> {
                cx.write(address, &self.bits.to_le_bytes())
            }
        }
    }
}
