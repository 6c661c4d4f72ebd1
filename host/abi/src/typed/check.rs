//! Checks that a Rust type matches an interface type. The errors say what the host expects and what the component has.

use super::ComponentType;
use crate::check::{Mismatch, PathStep};
use crate::types::{Field, Labels, ResourceIndex, Types, ValType};
use std::any::TypeId;
use std::fmt;

/// What Rust types are compared with.
pub struct TypeCheck<'a> {
    /// The types of the component.
    pub types: &'a Types,
    /// Whether a resource type is the host's type that this Rust type identifies.
    pub is_host_resource: &'a dyn Fn(ResourceIndex, TypeId) -> bool,
}

impl fmt::Debug for TypeCheck<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypeCheck").finish_non_exhaustive()
    }
}

/// How the Rust type of a part is compared.
type Part<'p> = (&'p str, fn(ValType, &TypeCheck<'_>) -> Result<(), Mismatch>);

/// How the Rust type of a case's payload is compared.
type Case<'p> = (&'p str, fn(Option<ValType>, &TypeCheck<'_>) -> Result<(), Mismatch>);

impl TypeCheck<'_> {
    /// The component's function has another type than the host expects.
    pub fn mismatch(&self, expected: &str, found: ValType) -> Mismatch {
        Mismatch::new(format!("expected {expected}, found {}", self.types.display(found)))
    }

    /// Compares a record with the fields that the host expects, in their order.
    ///
    /// # Errors
    ///
    /// It is no record, or a field has another name or type.
    pub fn record(&self, ty: ValType, fields: &[Part<'_>]) -> Result<(), Mismatch> {
        let ValType::Record(index) = ty else {
            return Err(self.mismatch("record", ty));
        };
        let found = &self.types[index].fields;
        if found.len() != fields.len() {
            return Err(counts("field", fields.len(), found.len()));
        }
        for ((name, typecheck), Field { name: found, item }) in fields.iter().zip(found) {
            if name != found {
                return Err(Mismatch::new(format!("expected field `{name}`, found field `{found}`")));
            }
            typecheck(item.ty, self).map_err(|error| error.at(PathStep::Field(found.clone())))?;
        }
        Ok(())
    }

    /// Compares a variant with the cases that the host expects, in their order.
    ///
    /// # Errors
    ///
    /// It is no variant, or a case has another name or payload.
    pub fn variant(&self, ty: ValType, cases: &[Case<'_>]) -> Result<(), Mismatch> {
        let ValType::Variant(index) = ty else {
            return Err(self.mismatch("variant", ty));
        };
        let variant = &self.types[index];
        names("case", cases.iter().map(|(name, _)| *name), &variant.cases)?;
        for ((name, typecheck), payload) in cases.iter().zip(&variant.payloads) {
            typecheck(*payload, self).map_err(|error| error.at(PathStep::Case((*name).to_owned())))?;
        }
        Ok(())
    }

    /// Compares an enum with the cases that the host expects, in their order.
    ///
    /// # Errors
    ///
    /// It is no enum, or a case has another name.
    pub fn enumeration(&self, ty: ValType, cases: &[&str]) -> Result<(), Mismatch> {
        match ty {
            ValType::Enum(index) => names("case", cases.iter().copied(), &self.types[index].cases),
            _ => Err(self.mismatch("enum", ty)),
        }
    }

    /// Compares flags with those that the host expects, in their order.
    ///
    /// # Errors
    ///
    /// They are no flags, or one has another name.
    pub fn flags(&self, ty: ValType, flags: &[&str]) -> Result<(), Mismatch> {
        match ty {
            ValType::Flags(index) => names("flag", flags.iter().copied(), &self.types[index].names),
            _ => Err(self.mismatch("flags", ty)),
        }
    }

    pub(super) fn element<T: ComponentType>(&self, element: ValType) -> Result<(), Mismatch> {
        T::typecheck(element, self).map_err(|error| error.at(PathStep::Elements))
    }

    pub(super) fn item<T: ComponentType>(&self, position: usize, ty: ValType) -> Result<(), Mismatch> {
        T::typecheck(ty, self).map_err(|error| error.at(PathStep::Item(position)))
    }

    pub(super) fn case<T: ComponentType>(&self, name: &str, payload: Option<ValType>) -> Result<(), Mismatch> {
        T::typecheck_payload(payload, self).map_err(|error| error.at(PathStep::Case(name.to_owned())))
    }
}

fn counts(kind: &str, expected: usize, found: usize) -> Mismatch {
    Mismatch::new(format!("expected {expected} {kind}(s), found {found}"))
}

fn names<'n>(kind: &str, expected: impl ExactSizeIterator<Item = &'n str>, found: &Labels) -> Result<(), Mismatch> {
    if expected.len() != found.len() {
        return Err(counts(kind, expected.len(), found.len()));
    }
    for (expected, found) in expected.zip(found.iter()) {
        if expected != found {
            return Err(Mismatch::new(format!(
                "expected {kind} `{expected}`, found {kind} `{found}`"
            )));
        }
    }
    Ok(())
}
