//! What the derived code of records, variants, enums and flags calls, so that there is little of it.

use super::{Guest, Lift, Lower, Lowerer, Ty, flat_from, flat_from_mut};
use crate::handles::Handles;
use crate::lift::{Lifter, part};
use crate::memory::GuestMemory;
use crate::trap::Trap;

/// Lifts a part. `at` is where its core values begin, and then where those of the next one do.
///
/// # Errors
///
/// Those of [`Lift::lift`].
#[inline]
pub fn lift_part<T: Lift, M, H>(
    cx: &mut Lifter<'_, M, H>,
    ty: Ty<'_>,
    position: usize,
    flat: &[u64],
    at: &mut usize,
) -> Result<T, Trap>
where
    M: GuestMemory + ?Sized,
    H: Handles + ?Sized,
{
    let part = ty.part::<T>(cx.types, position)?;
    let value = T::lift(cx, part, flat_from(flat, *at)?)?;
    *at += T::FORM.flat;
    Ok(value)
}

/// Loads a part, which is at one of the offsets in the bytes of the whole.
///
/// # Errors
///
/// Those of [`Lift::load`].
#[inline]
pub fn load_part<T: Lift, M, H>(
    cx: &mut Lifter<'_, M, H>,
    ty: Ty<'_>,
    position: usize,
    bytes: &[u8],
    offset: [u32; 2],
) -> Result<T, Trap>
where
    M: GuestMemory + ?Sized,
    H: Handles + ?Sized,
{
    let whole = part(bytes, offset[cx.options.width.index()])?;
    let part = ty.part::<T>(cx.types, position)?;
    T::load(cx, part, whole)
}

/// Lowers a part. `at` is where its core values begin, and then where those of the next one do.
///
/// # Errors
///
/// Those of [`Lower::lower`].
#[inline]
pub async fn lower_part<T: Lower, G: Guest>(
    value: &T,
    cx: &mut Lowerer<'_, G>,
    ty: Ty<'_>,
    position: usize,
    flat: &mut [u64],
    at: &mut usize,
) -> Result<(), G::Error> {
    let part = ty.part::<T>(cx.types, position)?;
    value.lower(cx, part, flat_from_mut(flat, *at)?).await?;
    *at += T::FORM.flat;
    Ok(())
}

/// Stores a part at one of the offsets from the address of the whole.
///
/// # Errors
///
/// Those of [`Lower::store`].
#[inline]
pub async fn store_part<T: Lower, G: Guest>(
    value: &T,
    cx: &mut Lowerer<'_, G>,
    ty: Ty<'_>,
    position: usize,
    address: u64,
    offset: [u32; 2],
) -> Result<(), G::Error> {
    let part = ty.part::<T>(cx.types, position)?;
    let address = address + u64::from(offset[cx.options.width.index()]);
    value.store(cx, part, address).await
}

/// The first core value as a discriminant or as flags.
///
/// # Errors
///
/// There is no core value.
#[inline]
pub fn flat_discriminant(flat: &[u64]) -> Result<u32, Trap> {
    Ok(*flat.first().ok_or(Trap::FlatValues)? as u32)
}

/// Makes a discriminant or flags the first core value.
///
/// # Errors
///
/// There is no core value.
#[inline]
pub fn lower_discriminant(discriminant: u32, flat: &mut [u64]) -> Result<(), Trap> {
    *flat.first_mut().ok_or(Trap::FlatValues)? = discriminant.into();
    Ok(())
}

/// The trap of a discriminant that no case has.
#[cold]
pub const fn invalid_discriminant(kind: &'static str, discriminant: u32, cases: usize) -> Trap {
    Trap::Discriminant {
        kind,
        discriminant,
        cases,
    }
}

/// The first bytes.
///
/// # Errors
///
/// There are too few.
#[inline]
pub fn first<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Trap> {
    crate::lift::first(bytes)
}
