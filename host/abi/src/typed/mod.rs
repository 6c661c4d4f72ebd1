//! Typed values: Rust types that map to interface types, and pass between a guest and the host without a
//! [`Val`](crate::Val).
//!
//! **Problem.** A [`Val`](crate::Val) names each field and case by a string, and allocates for each element of a list.
//! A host function that a guest calls a million times per second cannot afford that. **Before:** a Rust type, and the
//! interface type of a parameter, a result or a part of one. **After:** code that is generated for the Rust type and
//! copies between its fields and a guest's core values and memory. [`ComponentType::typecheck`] checks once that the
//! two types match.
//!
//! - [`Lift`] makes a value from core values, or from bytes that were copied from the guest. Like [`Lifter`], it reads
//!   each byte of the guest once, because other threads may write the memory meanwhile.
//! - [`Lower`] does the reverse. It is asynchronous because the guest's `realloc` may suspend the thread. Values without
//!   strings and lists need no memory, so lowering one is ready at once: see [`now`].
//! - [`ComponentNamedList`] is a tuple as the parameters or the result of a function.
//!
//! The names are those of `wasmtime::component`. The derives of the crate `weft` implement the traits for records,
//! variants, enums and flags. Do not implement them by hand: their contents can change with any version.
//!
//! **Rejected:** traits that convert to and from [`Val`](crate::Val)s (slow); one state machine for all types, like
//! [`Lowering`](crate::Lowering) (the compiler makes a better one from asynchronous functions); sizes from [`Types`] at
//! run time (each call would look them up).

mod calls;
mod check;
mod core_values;
mod derived;
mod dry_run;
pub mod flat;
mod form;
mod lists;
mod lower;
mod maps;
mod named_list;
mod numbers;
mod pointers;
mod resource;
mod text;
mod tuples;
mod variants;

pub use calls::FlatParams;
pub use check::TypeCheck;
pub use core_values::{are_numbers, lift_numbers, lower_number};
#[doc(hidden)]
pub use derived::{
    first, flat_discriminant, invalid_discriminant, lift_part, load_part, lower_discriminant, lower_part, store_part,
};
pub use dry_run::DryRun;
pub use form::Form;
pub use lower::{Guest, Lowerer, NoMemory, now};
pub use named_list::ComponentNamedList;
pub use resource::Resource;
pub use variants::{load_discriminant, store_discriminant};

use crate::check::Mismatch;
use crate::handles::Handles;
use crate::lift::Lifter;
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::{Param, Types, ValType};

/// A Rust type that corresponds to a type of WIT.
pub trait ComponentType {
    /// The form of values.
    const FORM: Form;

    /// The core types of values, with 32-bit addresses.
    #[doc(hidden)]
    type Flat: flat::FlatList;

    /// Checks that the Rust type matches an interface type of a component.
    ///
    /// # Errors
    ///
    /// It does not. The error says where in the type.
    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch>;

    /// Whether the Rust type fits the payload of a case, of which there may be none.
    ///
    /// # Errors
    ///
    /// It does not.
    #[doc(hidden)]
    fn typecheck_payload(ty: Option<ValType>, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        match ty {
            Some(ty) => Self::typecheck(ty, types),
            None => Err(Mismatch::new("expected a payload, found none")),
        }
    }
}

/// A type whose values a guest can pass to the host.
pub trait Lift: ComponentType + Sized + Send {
    /// Makes a value from its core values, with which `flat` begins.
    ///
    /// # Errors
    ///
    /// The core values, or what they point to, are no value of the type.
    fn lift<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized;

    /// Makes a value from bytes that were copied from the guest's memory. `bytes` begins with the value's bytes.
    ///
    /// # Errors
    ///
    /// The bytes, or what they point to, are no value of the type.
    fn load<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized;

    /// Makes the elements of a list from bytes that were copied from the guest's memory.
    ///
    /// # Errors
    ///
    /// Those of [`Self::load`].
    #[doc(hidden)]
    fn load_list<M, H>(
        cx: &mut Lifter<'_, M, H>,
        element: Ty<'_>,
        bytes: Vec<u8>,
        length: usize,
    ) -> Result<Vec<Self>, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        cx.budget.take_array::<Self>(length)?;
        let size = Self::FORM.size(cx.options.width) as usize;
        let mut elements = Vec::with_capacity(length);
        for bytes in bytes.chunks_exact(size).take(length) {
            elements.push(Self::load(cx, element, bytes)?);
        }
        Ok(elements)
    }
}

/// A type whose values the host can pass to a guest.
pub trait Lower: ComponentType + Send + Sync {
    /// Stores the core values of a value at the beginning of `flat`, which is all zeros before.
    fn lower<G: Guest>(
        &self,
        cx: &mut Lowerer<'_, G>,
        ty: Ty<'_>,
        flat: &mut [u64],
    ) -> impl Future<Output = Result<(), G::Error>> + Send;

    /// The core value of a number, which needs no await and no lookup. `None` for everything that is not a single
    /// number, or is lowered in another way.
    #[doc(hidden)]
    #[inline]
    fn core_value(&self) -> Option<u64> {
        None
    }

    /// Stores a value in the guest's memory.
    fn store<G: Guest>(
        &self,
        cx: &mut Lowerer<'_, G>,
        ty: Ty<'_>,
        address: u64,
    ) -> impl Future<Output = Result<(), G::Error>> + Send;

    /// Stores the elements of a list in the guest's memory.
    #[doc(hidden)]
    fn store_list<G: Guest>(
        elements: &[Self],
        cx: &mut Lowerer<'_, G>,
        element: Ty<'_>,
        address: u64,
    ) -> impl Future<Output = Result<(), G::Error>> + Send
    where
        Self: Sized,
    {
        async move {
            let size = u64::from(Self::FORM.size(cx.options.width));
            let mut address = address;
            for value in elements {
                value.store(cx, element, address).await?;
                address += size;
            }
            Ok(())
        }
    }
}

/// The interface type of a value that is passed. Only handles need it: all else is known from the Rust type.
#[derive(Debug, Clone, Copy)]
pub enum Ty<'t> {
    /// A type.
    Value(ValType),
    /// The parameters of a function.
    Params(&'t [Param]),
    /// The result of a function.
    Result(Option<ValType>),
}

impl Ty<'_> {
    /// The type of a part: a parameter, field, item, payload or element. `T` is the Rust type that stands for it.
    ///
    /// # Errors
    ///
    /// There is no such part, which [`ComponentType::typecheck`] would have found.
    #[inline]
    pub fn part<T: ComponentType + ?Sized>(self, types: &Types, position: usize) -> Result<Ty<'static>, Trap> {
        match T::FORM.handles {
            // Nobody looks at it.
            false => Ok(Ty::Result(None)),
            true => self.find_part(types, position).map(Ty::Value).ok_or(Trap::FlatValues),
        }
    }

    fn find_part(self, types: &Types, position: usize) -> Option<ValType> {
        match self {
            Ty::Params(params) => params.get(position).map(|param| param.item.ty),
            Ty::Result(ty) => ty,
            Ty::Value(ty) => types.part(ty, position),
        }
    }

    /// The type itself, which has no parts.
    ///
    /// # Errors
    ///
    /// These are the parameters of a function, which [`ComponentType::typecheck`] would have found.
    pub(crate) fn value(self) -> Result<ValType, Trap> {
        match self {
            Ty::Value(ty) => Ok(ty),
            Ty::Params(_) | Ty::Result(_) => Err(Trap::FlatValues),
        }
    }
}

/// The core values from one on.
#[inline]
fn flat_from(flat: &[u64], position: usize) -> Result<&[u64], Trap> {
    flat.get(position..).ok_or(Trap::FlatValues)
}

/// The places of core values from one on.
#[inline]
fn flat_from_mut(flat: &mut [u64], position: usize) -> Result<&mut [u64], Trap> {
    flat.get_mut(position..).ok_or(Trap::FlatValues)
}
