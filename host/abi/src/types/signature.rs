//! Types of functions that can be compared although they come from different components.
//!
//! **Problem.** A program lets a component import what an instance of another component exports. The two function types
//! are in different arenas, and refer to resource types by indices that mean something in their own component only.
//! **Before:** a function type, its arena, and the resource types of an instance. **After:** a [`Signature`], which has
//! all of these.
//!
//! The comparison is that of the validator, when components are linked in one component: types of values are equal if
//! they have the same structure, resource types if they are identical, and parameters have the same names.

use super::{FuncIndex, ResourceIndex, Types, ValType};
use crate::handles::ResourceType;
use std::fmt::Display;
use std::sync::Arc;

/// The type of a function, independent of the component from which it comes.
#[derive(Debug, Clone)]
pub struct Signature {
    types: Arc<Types>,
    func: FuncIndex,
    /// The resource types by index. `None` if one is not known.
    resources: Arc<[Option<ResourceType>]>,
    is_async: bool,
}

impl Signature {
    /// A function type of an arena. `resources` says which resource type an index means.
    pub fn new(types: Arc<Types>, func: FuncIndex, resources: Arc<[Option<ResourceType>]>) -> Self {
        Signature {
            types,
            func,
            resources,
            is_async: false,
        }
    }

    /// The type of an asynchronous function, if `is_async`.
    #[must_use]
    pub fn with_async(self, is_async: bool) -> Self {
        Signature { is_async, ..self }
    }

    /// The same type with other resource types. `replace` returns what to put for each.
    #[must_use]
    pub fn with_resources(self, replace: impl Fn(ResourceType) -> ResourceType) -> Self {
        let resources = self.resources.iter().map(|ty| ty.map(&replace)).collect();
        Signature { resources, ..self }
    }

    /// Compares the type of a function with the one that an import asks for.
    ///
    /// # Errors
    ///
    /// They differ. The message says where, what was expected and what was found.
    pub fn check(&self, wanted: &Signature) -> Result<(), SignatureMismatch> {
        let different = |place: String, expected: String, found: String| {
            Err(SignatureMismatch::new(expected, found).in_part(place))
        };
        if self.is_async != wanted.is_async {
            let kind = |is_async| {
                if is_async {
                    "an async one"
                } else {
                    "one that is not async"
                }
            };
            return different(
                "the function".to_owned(),
                kind(wanted.is_async).to_owned(),
                kind(self.is_async).to_owned(),
            );
        }
        let (found, expected) = (&self.types[self.func], &wanted.types[wanted.func]);
        if found.params.len() != expected.params.len() {
            let [expected, found] = [expected, found].map(|ty| ty.params.len().to_string());
            return different("the number of parameters".to_owned(), expected, found);
        }
        for (number, (found, expected)) in found.params.iter().zip(&expected.params).enumerate() {
            if found.name != expected.name {
                return different(
                    format!("the name of parameter {}", number + 1),
                    format!("`{}`", expected.name),
                    format!("`{}`", found.name),
                );
            }
            self.compare(found.item.ty, wanted, expected.item.ty)
                .map_err(|difference| difference.in_part(format_args!("parameter `{}`", found.name)))?;
        }
        self.compare_optional(found.result, wanted, expected.result)
            .map_err(|difference| difference.in_part(format_args!("the result")))
    }

    /// Compares a type of this one's arena with one of another's. The place in an error is that within the type.
    fn compare(&self, own: ValType, other: &Signature, ty: ValType) -> Result<(), SignatureMismatch> {
        let (a, b) = (&*self.types, &*other.types);
        match (own, ty) {
            (ValType::List(own), ValType::List(ty)) => self.part("element", a[own].element, other, b[ty].element),
            (ValType::FixedLengthList(own), ValType::FixedLengthList(ty)) if a[own].length == b[ty].length => {
                self.part("element", a[own].element, other, b[ty].element)
            }
            (ValType::Map(own), ValType::Map(ty)) => {
                self.part("key", a[own].key.ty, other, b[ty].key.ty)?;
                self.part("value", a[own].value.ty, other, b[ty].value.ty)
            }
            (ValType::Record(own), ValType::Record(ty)) => {
                let (own, ty) = (&a[own].fields, &b[ty].fields);
                same_names(
                    "fields",
                    own.iter().map(|field| &*field.name),
                    ty.iter().map(|field| &*field.name),
                )?;
                let mut fields = own.iter().zip(ty);
                fields.try_for_each(|(own, ty)| {
                    self.part(format_args!("field `{}`", own.name), own.item.ty, other, ty.item.ty)
                })
            }
            (ValType::Tuple(own), ValType::Tuple(ty)) if a[own].items.len() == b[ty].items.len() => {
                let mut items = a[own].items.iter().zip(&b[ty].items).enumerate();
                items.try_for_each(|(number, (own, ty))| {
                    self.part(format_args!("part {}", number + 1), own.ty, other, ty.ty)
                })
            }
            (ValType::Variant(own), ValType::Variant(ty)) => {
                same_names("cases", a[own].cases.iter(), b[ty].cases.iter())?;
                let payloads = a[own].payloads.iter().zip(&b[ty].payloads);
                let mut cases = a[own].cases.iter().zip(payloads);
                cases.try_for_each(|(case, (own, ty))| self.payload(format_args!("case `{case}`"), *own, other, *ty))
            }
            (ValType::Enum(own), ValType::Enum(ty)) => same_names("cases", a[own].cases.iter(), b[ty].cases.iter()),
            (ValType::Option(own), ValType::Option(ty)) => self.part("`some`", a[own].some, other, b[ty].some),
            (ValType::Result(own), ValType::Result(ty)) => {
                self.payload("`ok`", a[own].ok, other, b[ty].ok)?;
                self.payload("`error`", a[own].error, other, b[ty].error)
            }
            (ValType::Flags(own), ValType::Flags(ty)) => same_names("flags", a[own].names.iter(), b[ty].names.iter()),
            (ValType::Own(own_type), ValType::Own(other_type))
            | (ValType::Borrow(own_type), ValType::Borrow(other_type)) => {
                match (self.resource(own_type), other.resource(other_type)) {
                    (Some(own), Some(other)) if own == other => Ok(()),
                    _ => {
                        let expected = format!("`{}`", b.display(ty));
                        let found = format!("`{}` of another resource type", a.display(own));
                        Err(SignatureMismatch::new(expected, found))
                    }
                }
            }
            // Types that have parts are equal only as above.
            (own, ty) if own == ty && is_plain(own) => Ok(()),
            (own, ty) => {
                let (expected, found) = (format!("`{}`", b.display(ty)), format!("`{}`", a.display(own)));
                Err(SignatureMismatch::new(expected, found))
            }
        }
    }

    fn compare_optional(
        &self,
        own: Option<ValType>,
        other: &Signature,
        ty: Option<ValType>,
    ) -> Result<(), SignatureMismatch> {
        let text = |types: &Types, ty: Option<ValType>| match ty {
            Some(ty) => format!("`{}`", types.display(ty)),
            None => "none".to_owned(),
        };
        match (own, ty) {
            (Some(own), Some(ty)) => self.compare(own, other, ty),
            (None, None) => Ok(()),
            (own, ty) => Err(SignatureMismatch::new(text(&other.types, ty), text(&self.types, own))),
        }
    }

    /// Compares a part of two types.
    fn part(&self, name: impl Display, own: ValType, other: &Signature, ty: ValType) -> Result<(), SignatureMismatch> {
        self.compare(own, other, ty)
            .map_err(|difference| difference.in_part(name))
    }

    fn payload(
        &self,
        name: impl Display,
        own: Option<ValType>,
        other: &Signature,
        ty: Option<ValType>,
    ) -> Result<(), SignatureMismatch> {
        self.compare_optional(own, other, ty)
            .map_err(|difference| difference.in_part(name))
    }

    fn resource(&self, index: ResourceIndex) -> Option<ResourceType> {
        self.resources.get(index.0 as usize).copied().flatten()
    }
}

fn same_names<'n>(
    what: &str,
    own: impl Iterator<Item = &'n str>,
    other: impl Iterator<Item = &'n str>,
) -> Result<(), SignatureMismatch> {
    let (own, other): (Vec<_>, Vec<_>) = (own.collect(), other.collect());
    match own == other {
        true => Ok(()),
        false => {
            let [expected, found] = [other, own].map(|names| format!("{what} `{}`", names.join("`, `")));
            Err(SignatureMismatch::new(expected, found))
        }
    }
}

/// Whether a type has neither parts nor names.
fn is_plain(ty: ValType) -> bool {
    match ty {
        ValType::Bool
        | ValType::S8
        | ValType::U8
        | ValType::S16
        | ValType::U16
        | ValType::S32
        | ValType::U32
        | ValType::S64
        | ValType::U64
        | ValType::Float32
        | ValType::Float64
        | ValType::Char
        | ValType::String
        // What these are of is not known, but no function that has them can be called.
        | ValType::Unsupported(_) => true,
        ValType::List(_)
        | ValType::FixedLengthList(_)
        | ValType::Map(_)
        | ValType::Record(_)
        | ValType::Tuple(_)
        | ValType::Variant(_)
        | ValType::Enum(_)
        | ValType::Option(_)
        | ValType::Result(_)
        | ValType::Flags(_)
        | ValType::Own(_)
        | ValType::Borrow(_) => false,
    }
}

/// How the type of a function differs from the one that an import asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}expected {expected}, found {found}", within(place))]
pub struct SignatureMismatch {
    /// From the innermost part outwards.
    place: Vec<String>,
    expected: String,
    found: String,
}

impl SignatureMismatch {
    fn new(expected: String, found: String) -> Self {
        SignatureMismatch {
            place: Vec::new(),
            expected,
            found,
        }
    }

    fn in_part(mut self, part: impl Display) -> Self {
        self.place.push(part.to_string());
        self
    }
}

fn within(place: &[String]) -> String {
    match place {
        [] => String::new(),
        place => place.iter().map(String::as_str).collect::<Vec<_>>().join(" of ") + ": ",
    }
}
