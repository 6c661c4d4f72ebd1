//! What a Rust type with `#[component(...)]` stands for.

use heck::ToKebabCase;
use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Fields, LitStr, Result, Type};

/// What a type stands for.
pub(super) enum Shape {
    Record(Vec<Part>),
    Variant(Vec<Case>),
    Enum(Vec<Case>),
}

/// A field.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) ident: Ident,
    pub(super) ty: Type,
}

/// A case.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) ident: Ident,
    pub(super) payload: Option<Type>,
}

/// The kind that `#[component(...)]` on a type says.
#[derive(Clone, Copy)]
enum Kind {
    Record,
    Variant,
    Enum,
}

pub(super) fn shape(input: &DeriveInput) -> Result<Shape> {
    let kind = kind(&input.attrs, input.ident.span())?;
    match (kind, &input.data) {
        (Kind::Record, Data::Struct(data)) => {
            let Fields::Named(fields) = &data.fields else {
                return Err(Error::new(
                    input.ident.span(),
                    "a record is a struct with named fields: name the fields",
                ));
            };
            let parts = fields.named.iter().filter_map(|field| {
                let ident = field.ident.clone()?;
                let name = name(&field.attrs, &ident);
                Some(name.map(|name| Part {
                    name,
                    ident,
                    ty: field.ty.clone(),
                }))
            });
            let parts: Vec<_> = parts.collect::<Result<_>>()?;
            match parts.is_empty() {
                true => Err(Error::new(
                    input.ident.span(),
                    "the record has no fields: the component model requires at least one",
                )),
                false => Ok(Shape::Record(parts)),
            }
        }
        (Kind::Variant | Kind::Enum, Data::Enum(data)) => {
            let cases = data.variants.iter().map(|variant| {
                Ok(Case {
                    name: name(&variant.attrs, &variant.ident)?,
                    ident: variant.ident.clone(),
                    payload: payload(&variant.fields)?,
                })
            });
            let cases: Vec<Case> = cases.collect::<Result<_>>()?;
            if cases.is_empty() {
                return Err(Error::new(
                    input.ident.span(),
                    "the type has no cases: the component model requires at least one",
                ));
            }
            match kind {
                Kind::Enum => match cases.iter().find(|case| case.payload.is_some()) {
                    Some(case) => Err(Error::new(
                        case.ident.span(),
                        "a case of an enum has no payload: use `#[component(variant)]`",
                    )),
                    None => Ok(Shape::Enum(cases)),
                },
                Kind::Variant | Kind::Record => Ok(Shape::Variant(cases)),
            }
        }
        (Kind::Record, Data::Enum(_) | Data::Union(_)) => Err(Error::new(
            input.ident.span(),
            "a record is a struct: use `#[component(variant)]` or `#[component(enum)]`",
        )),
        (Kind::Variant | Kind::Enum, Data::Struct(_) | Data::Union(_)) => Err(Error::new(
            input.ident.span(),
            "a variant or an enum is a Rust enum: use `#[component(record)]`",
        )),
    }
}

fn payload(fields: &Fields) -> Result<Option<Type>> {
    match fields {
        Fields::Unit => Ok(None),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            Ok(fields.unnamed.first().map(|field| field.ty.clone()))
        }
        Fields::Unnamed(_) | Fields::Named(_) => Err(Error::new(
            fields.span(),
            "a case has one payload at most: put the values into a tuple or a record",
        )),
    }
}

fn kind(attributes: &[Attribute], span: proc_macro2::Span) -> Result<Kind> {
    let mut kind = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("component"))
    {
        attribute.parse_nested_meta(|meta| {
            let found = match () {
                () if meta.path.is_ident("record") => Kind::Record,
                () if meta.path.is_ident("variant") => Kind::Variant,
                () if meta.path.is_ident("enum") => Kind::Enum,
                () => return Err(meta.error("expected `record`, `variant` or `enum`")),
            };
            match kind.replace(found) {
                Some(_) => Err(meta.error("the kind of the type is given twice: remove one")),
                None => Ok(()),
            }
        })?;
    }
    kind.ok_or_else(|| {
        Error::new(
            span,
            "the kind of the type is missing: add `#[component(record)]`, `#[component(variant)]` or `#[component(enum)]`",
        )
    })
}

/// The name in WIT.
pub(crate) fn name(attributes: &[Attribute], ident: &Ident) -> Result<String> {
    let mut name = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("component"))
    {
        attribute.parse_nested_meta(|meta| match meta.path.is_ident("name") {
            true => {
                name = Some(meta.value()?.parse::<LitStr>()?.value());
                Ok(())
            }
            false => Err(meta.error("expected `name = \"...\"`")),
        })?;
    }
    Ok(name.unwrap_or_else(|| {
        let ident = ident.to_string();
        ident.trim_start_matches("r#").to_kebab_case()
    }))
}
