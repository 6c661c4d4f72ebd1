//! The derives of `ComponentType`, `Lift` and `Lower`.
//!
//! **Before:** a struct or an enum with `#[component(...)]`. **After:** an implementation that passes the fields or the payload one by
//! one. What all of them share is in `weft::__internal`, so the code is short.

mod shape;

pub(crate) use shape::name;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use shape::{Case, Shape, shape};
use syn::spanned::Spanned;
use syn::{DeriveInput, Error, Generics, Type};

/// Which trait is derived.
#[derive(Clone, Copy)]
pub(crate) enum Trait {
    ComponentType,
    Lift,
    Lower,
}

pub(crate) fn expand(input: &DeriveInput, which: Trait) -> TokenStream {
    let expanded = shape(input).map(|shape| {
        let methods = match which {
            Trait::ComponentType => component_type(&shape),
            Trait::Lift => lift(&shape),
            Trait::Lower => lower(&shape),
        };
        let name = match which {
            Trait::ComponentType => quote!(ComponentType),
            Trait::Lift => quote!(Lift),
            Trait::Lower => quote!(Lower),
        };
        let (ident, bounded) = (&input.ident, bounded(&input.generics, &name));
        let (generics, _, clauses) = bounded.split_for_impl();
        let (_, arguments, _) = input.generics.split_for_impl();
        quote! {
            const _: () = {
                use ::weft::__internal as abi;

                #[automatically_derived]
                impl #generics abi::#name for #ident #arguments #clauses {
                    #methods
                }
            };
        }
    });
    expanded.unwrap_or_else(Error::into_compile_error)
}

/// The generics, whose types have the trait too.
fn bounded(generics: &Generics, name: &TokenStream) -> Generics {
    let mut bounded = generics.clone();
    for parameter in bounded.type_params_mut() {
        parameter.bounds.push(syn::parse_quote!(::weft::__internal::#name));
    }
    bounded
}

/// The payload types of all cases. A case without a payload has `()`.
fn payloads(cases: &[Case]) -> Vec<TokenStream> {
    let payload = |case: &Case| match &case.payload {
        Some(ty) => quote_spanned!(ty.span()=> #ty),
        None => quote!(()),
    };
    cases.iter().map(payload).collect()
}

fn component_type(shape: &Shape) -> TokenStream {
    let (form, flat, typecheck) = match shape {
        Shape::Record(parts) => {
            let types: Vec<_> = parts.iter().map(|part| &part.ty).collect();
            let flat = types.iter().rev().fold(
                quote!(abi::flat::End),
                |rest, ty| quote!(<<#ty as abi::ComponentType>::Flat as abi::flat::FlatList>::Append<#rest>),
            );
            let names = parts.iter().map(|part| &part.name);
            (
                quote!(abi::Form::record(&[#(<#types as abi::ComponentType>::FORM),*])),
                flat,
                quote!(types.record(ty, &[#((#names, <#types as abi::ComponentType>::typecheck)),*])),
            )
        }
        Shape::Variant(cases) => {
            let payloads = payloads(cases);
            let names = cases.iter().map(|case| &case.name);
            let joined = payloads.iter().fold(
                quote!(abi::flat::End),
                |joined, ty| quote!(<#joined as abi::flat::FlatList>::Join<<#ty as abi::ComponentType>::Flat>),
            );
            (
                quote!(abi::Form::variant(&[#(<#payloads as abi::ComponentType>::FORM),*])),
                quote!(abi::flat::Cons<i32, #joined>),
                quote!(types.variant(ty, &[#((#names, <#payloads as abi::ComponentType>::typecheck_payload)),*])),
            )
        }
        Shape::Enum(cases) => {
            let names = cases.iter().map(|case| &case.name);
            let count = cases.len();
            (
                quote!(abi::Form::variant(&[abi::Form::EMPTY; #count])),
                quote!(abi::flat::One<i32>),
                quote!(types.enumeration(ty, &[#(#names),*])),
            )
        }
    };
    quote! {
        const FORM: abi::Form = #form;
        type Flat = #flat;

        fn typecheck(ty: abi::ValType, types: &abi::TypeCheck<'_>) -> ::core::result::Result<(), abi::Mismatch> {
            #typecheck
        }
    }
}

fn lift(shape: &Shape) -> TokenStream {
    let (lift, load) = match shape {
        Shape::Record(parts) => {
            let (idents, types): (Vec<_>, Vec<_>) = parts.iter().map(|part| (&part.ident, &part.ty)).unzip();
            let positions: Vec<_> = (0..parts.len()).collect();
            (
                quote! {
                    let mut at = 0;
                    ::core::result::Result::Ok(Self {
                        #(#idents: abi::lift_part::<#types, M, H>(cx, ty, #positions, flat, &mut at)?,)*
                    })
                },
                quote! {
                    let offsets = const { abi::Form::offsets([#(<#types as abi::ComponentType>::FORM),*]) };
                    ::core::result::Result::Ok(Self {
                        #(#idents: abi::load_part::<#types, M, H>(cx, ty, #positions, bytes, offsets[#positions])?,)*
                    })
                },
            )
        }
        Shape::Variant(cases) => lift_cases("variant", cases),
        Shape::Enum(cases) => lift_cases("enum", cases),
    };
    quote! {
        fn lift<M, H>(
            cx: &mut abi::Lifter<'_, M, H>,
            ty: abi::Ty<'_>,
            flat: &[u64],
        ) -> ::core::result::Result<Self, abi::Trap>
        where
            M: abi::GuestMemory + ?::core::marker::Sized,
            H: abi::Handles + ?::core::marker::Sized,
        {
            #lift
        }

        fn load<M, H>(
            cx: &mut abi::Lifter<'_, M, H>,
            ty: abi::Ty<'_>,
            bytes: &[u8],
        ) -> ::core::result::Result<Self, abi::Trap>
        where
            M: abi::GuestMemory + ?::core::marker::Sized,
            H: abi::Handles + ?::core::marker::Sized,
        {
            #load
        }
    }
}

fn lift_cases(kind: &str, cases: &[Case]) -> (TokenStream, TokenStream) {
    let count = cases.len();
    let payloads = payloads(cases);
    let arms = |make: &dyn Fn(&Type, usize) -> TokenStream| {
        let arms = cases.iter().enumerate().map(|(position, case)| {
            let (ident, discriminant) = (&case.ident, position as u32);
            let payload = case.payload.as_ref().map(|ty| {
                let value = make(ty, position);
                quote!((#value))
            });
            quote!(#discriminant => Self::#ident #payload,)
        });
        arms.collect::<TokenStream>()
    };
    let lifted = arms(&|ty, position| quote!(abi::lift_part::<#ty, M, H>(cx, ty, #position, flat, &mut 1)?));
    let loaded = arms(&|ty, position| quote!(abi::load_part::<#ty, M, H>(cx, ty, #position, bytes, offset)?));
    let other = quote!(other => return ::core::result::Result::Err(abi::invalid_discriminant(#kind, other, #count)),);
    (
        quote! {
            ::core::result::Result::Ok(match abi::flat_discriminant(flat)? { #lifted #other })
        },
        quote! {
            let offset = const { abi::Form::payload_offset(&[#(<#payloads as abi::ComponentType>::FORM),*]) };
            ::core::result::Result::Ok(match abi::load_discriminant(#count, bytes)? { #loaded #other })
        },
    )
}

fn lower(shape: &Shape) -> TokenStream {
    let (lower, store) = match shape {
        Shape::Record(parts) => {
            let (idents, types): (Vec<_>, Vec<_>) = parts.iter().map(|part| (&part.ident, &part.ty)).unzip();
            let positions: Vec<_> = (0..parts.len()).collect();
            (
                quote! {
                    let mut at = 0;
                    #(abi::lower_part(&self.#idents, cx, ty, #positions, flat, &mut at).await?;)*
                },
                quote! {
                    let offsets = const { abi::Form::offsets([#(<#types as abi::ComponentType>::FORM),*]) };
                    #(abi::store_part(&self.#idents, cx, ty, #positions, address, offsets[#positions]).await?;)*
                },
            )
        }
        Shape::Variant(cases) | Shape::Enum(cases) => lower_cases(cases),
    };
    quote! {
        async fn lower<G: abi::Guest>(
            &self,
            cx: &mut abi::Lowerer<'_, G>,
            ty: abi::Ty<'_>,
            flat: &mut [u64],
        ) -> ::core::result::Result<(), G::Error> {
            #lower
            ::core::result::Result::Ok(())
        }

        async fn store<G: abi::Guest>(
            &self,
            cx: &mut abi::Lowerer<'_, G>,
            ty: abi::Ty<'_>,
            address: u64,
        ) -> ::core::result::Result<(), G::Error> {
            #store
            ::core::result::Result::Ok(())
        }
    }
}

fn lower_cases(cases: &[Case]) -> (TokenStream, TokenStream) {
    let count = cases.len();
    let payloads = payloads(cases);
    let arms = |first: &dyn Fn(u32) -> TokenStream, then: &dyn Fn(usize) -> TokenStream| {
        let arms = cases.iter().enumerate().map(|(position, case)| {
            let (ident, first) = (&case.ident, first(position as u32));
            let then = then(position);
            match &case.payload {
                Some(_) => quote!(Self::#ident(payload) => { #first #then }),
                None => quote!(Self::#ident => { #first }),
            }
        });
        arms.collect::<TokenStream>()
    };
    let lowered = arms(
        &|discriminant| quote!(abi::lower_discriminant(#discriminant, flat)?;),
        &|position| quote!(abi::lower_part(payload, cx, ty, #position, flat, &mut 1).await?;),
    );
    let stored = arms(
        &|discriminant| quote!(abi::store_discriminant(cx, #count, #discriminant, address)?;),
        &|position| quote!(abi::store_part(payload, cx, ty, #position, address, offset).await?;),
    );
    (
        quote!(match self { #lowered }),
        quote! {
            let offset = const { abi::Form::payload_offset(&[#(<#payloads as abi::ComponentType>::FORM),*]) };
            match self { #stored }
        },
    )
}
