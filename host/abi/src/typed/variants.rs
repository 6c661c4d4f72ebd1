//! Options and results, and what the derived code of variants and enums shares with them.

use super::derived::{flat_discriminant, invalid_discriminant};
use super::flat::{Cons, FlatList};
use super::{ComponentType, Form, Guest, Lift, Lower, Lowerer, Ty, TypeCheck, flat_from, flat_from_mut};
use crate::check::Mismatch;
use crate::handles::Handles;
use crate::lift::{Lifter, discriminant_of, part};
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::{Discriminant, ValType};

/// Which of so many cases stands at the beginning of the bytes.
///
/// # Errors
///
/// There are too few bytes.
#[doc(hidden)]
#[inline]
pub fn load_discriminant(cases: usize, bytes: &[u8]) -> Result<u32, Trap> {
    discriminant_of(Discriminant::of(cases), bytes)
}

/// Stores which of so many cases a value is.
///
/// # Errors
///
/// The address is beyond the memory's end.
#[doc(hidden)]
#[inline]
pub fn store_discriminant<G: Guest>(
    cx: &mut Lowerer<'_, G>,
    cases: usize,
    discriminant: u32,
    address: u64,
) -> Result<(), G::Error> {
    let size = Discriminant::of(cases).size() as usize;
    cx.write(address, &discriminant.to_le_bytes()[..size])
}

/// The trap of an option or a result.
const fn invalid(kind: &'static str, discriminant: u32) -> Trap {
    invalid_discriminant(kind, discriminant, 2)
}

impl<T: ComponentType> ComponentType for Option<T> {
    const FORM: Form = Form::variant(&[Form::EMPTY, T::FORM]);
    type Flat = Cons<i32, T::Flat>;

    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        match ty {
            ValType::Option(index) => types.case::<T>("some", Some(types.types[index].some)),
            _ => Err(types.mismatch("option", ty)),
        }
    }
}

impl<T: Lift> Lift for Option<T> {
    fn lift<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        match flat_discriminant(flat)? {
            0 => Ok(None),
            1 => Ok(Some(T::lift(cx, ty.part::<T>(cx.types, 0)?, flat_from(flat, 1)?)?)),
            discriminant => Err(invalid("option", discriminant)),
        }
    }

    fn load<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let offset = const { Form::payload_offset(&[Form::EMPTY, T::FORM]) };
        match load_discriminant(2, bytes)? {
            0 => Ok(None),
            1 => {
                let bytes = part(bytes, offset[cx.options.width.index()])?;
                Ok(Some(T::load(cx, ty.part::<T>(cx.types, 0)?, bytes)?))
            }
            discriminant => Err(invalid("option", discriminant)),
        }
    }
}

impl<T: Lower> Lower for Option<T> {
    async fn lower<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, flat: &mut [u64]) -> Result<(), G::Error> {
        let Some(value) = self else {
            return Ok(());
        };
        *flat.first_mut().ok_or(Trap::FlatValues)? = 1;
        let payload = ty.part::<T>(cx.types, 0)?;
        value.lower(cx, payload, flat_from_mut(flat, 1)?).await
    }

    async fn store<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, address: u64) -> Result<(), G::Error> {
        let offset = const { Form::payload_offset(&[Form::EMPTY, T::FORM]) };
        store_discriminant(cx, 2, self.is_some().into(), address)?;
        let Some(value) = self else {
            return Ok(());
        };
        let payload = ty.part::<T>(cx.types, 0)?;
        let address = address + u64::from(offset[cx.options.width.index()]);
        value.store(cx, payload, address).await
    }
}

impl<T: ComponentType, E: ComponentType> ComponentType for Result<T, E> {
    const FORM: Form = Form::variant(&[T::FORM, E::FORM]);
    type Flat = Cons<i32, <T::Flat as FlatList>::Join<E::Flat>>;

    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        match ty {
            ValType::Result(index) => {
                types.case::<T>("ok", types.types[index].ok)?;
                types.case::<E>("error", types.types[index].error)
            }
            _ => Err(types.mismatch("result", ty)),
        }
    }
}

impl<T: Lift, E: Lift> Lift for Result<T, E> {
    fn lift<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let payload = flat_from(flat, 1)?;
        match flat_discriminant(flat)? {
            0 => Ok(Ok(T::lift(cx, ty.part::<T>(cx.types, 0)?, payload)?)),
            1 => Ok(Err(E::lift(cx, ty.part::<E>(cx.types, 1)?, payload)?)),
            discriminant => Err(invalid("expected", discriminant)),
        }
    }

    fn load<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let offset = const { Form::payload_offset(&[T::FORM, E::FORM]) };
        let payload = part(bytes, offset[cx.options.width.index()])?;
        match load_discriminant(2, bytes)? {
            0 => Ok(Ok(T::load(cx, ty.part::<T>(cx.types, 0)?, payload)?)),
            1 => Ok(Err(E::load(cx, ty.part::<E>(cx.types, 1)?, payload)?)),
            discriminant => Err(invalid("expected", discriminant)),
        }
    }
}

impl<T: Lower, E: Lower> Lower for Result<T, E> {
    async fn lower<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, flat: &mut [u64]) -> Result<(), G::Error> {
        *flat.first_mut().ok_or(Trap::FlatValues)? = self.is_err().into();
        let flat = flat_from_mut(flat, 1)?;
        match self {
            Ok(value) => {
                let payload = ty.part::<T>(cx.types, 0)?;
                value.lower(cx, payload, flat).await
            }
            Err(error) => {
                let payload = ty.part::<E>(cx.types, 1)?;
                error.lower(cx, payload, flat).await
            }
        }
    }

    async fn store<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, address: u64) -> Result<(), G::Error> {
        let offset = const { Form::payload_offset(&[T::FORM, E::FORM]) };
        store_discriminant(cx, 2, self.is_err().into(), address)?;
        let address = address + u64::from(offset[cx.options.width.index()]);
        match self {
            Ok(value) => {
                let payload = ty.part::<T>(cx.types, 0)?;
                value.store(cx, payload, address).await
            }
            Err(error) => {
                let payload = ty.part::<E>(cx.types, 1)?;
                error.store(cx, payload, address).await
            }
        }
    }
}
