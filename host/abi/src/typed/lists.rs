//! Lists, of any length and of a fixed one.

use super::flat::{Pair, Unknown};
use super::text::flat_pair;
use super::{ComponentType, Form, Guest, Lift, Lower, Lowerer, Ty, TypeCheck, flat_from, flat_from_mut};
use crate::check::Mismatch;
use crate::handles::Handles;
use crate::lift::{Lifter, part};
use crate::memory::GuestMemory;
use crate::trap::{Region, Trap};
use crate::types::ValType;

impl<T: ComponentType> ComponentType for [T] {
    const FORM: Form = Form::pair(T::FORM);
    type Flat = Pair;

    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        match ty {
            ValType::List(index) => types.element::<T>(types.types[index].element),
            _ => Err(types.mismatch("list", ty)),
        }
    }
}

impl<T: ComponentType> ComponentType for Vec<T> {
    const FORM: Form = <[T]>::FORM;
    type Flat = Pair;

    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        <[T]>::typecheck(ty, types)
    }
}

#[inline]
fn list<T: Lift, M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, (pointer, length): (u64, u64)) -> Result<Vec<T>, Trap>
where
    M: GuestMemory + ?Sized,
    H: Handles + ?Sized,
{
    let (size, align) = (T::FORM.size(cx.options.width), T::FORM.align(cx.options.width));
    let bytes = cx.region(Region::List, pointer, length, size, align)?;
    T::load_list(cx, ty.part::<T>(cx.types, 0)?, bytes, length as usize)
}

impl<T: Lift> Lift for Vec<T> {
    #[inline]
    fn lift<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let pair = cx.flat_pair(flat)?;
        list(cx, ty, pair)
    }

    #[inline]
    fn load<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let pair = cx.pair(bytes)?;
        list(cx, ty, pair)
    }
}

/// Stores the elements in memory that the guest allocates, and gives the pointer and the length.
async fn store_elements<T: Lower, G: Guest>(
    elements: &[T],
    cx: &mut Lowerer<'_, G>,
    ty: Ty<'_>,
) -> Result<(u64, u64), G::Error> {
    let (size, align) = (T::FORM.size(cx.options.width), T::FORM.align(cx.options.width));
    let bytes = Region::List.bytes(elements.len() as u64, size)?;
    let pointer = cx.allocate(align, bytes).await?;
    let element = ty.part::<T>(cx.types, 0)?;
    T::store_list(elements, cx, element, pointer).await?;
    Ok((pointer, elements.len() as u64))
}

impl<T: Lower> Lower for [T] {
    async fn lower<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, flat: &mut [u64]) -> Result<(), G::Error> {
        let pair = store_elements(self, cx, ty).await?;
        Ok(flat_pair(pair, flat)?)
    }

    async fn store<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, address: u64) -> Result<(), G::Error> {
        let pair = store_elements(self, cx, ty).await?;
        cx.store_pair(pair, address)
    }
}

/// A list of a fixed length.
impl<T: ComponentType, const N: usize> ComponentType for [T; N] {
    const FORM: Form = T::FORM.repeated(N);
    type Flat = Unknown;

    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        match ty {
            ValType::FixedLengthList(index) => {
                let list = &types.types[index];
                match list.length as usize == N {
                    true => types.element::<T>(list.element),
                    false => Err(Mismatch::new(format!("expected {N} element(s), found {}", list.length))),
                }
            }
            _ => Err(types.mismatch("list of a fixed length", ty)),
        }
    }
}

/// As many values, or the first error.
fn array<T, const N: usize>(mut make: impl FnMut(usize) -> Result<T, Trap>) -> Result<[T; N], Trap> {
    let values: Vec<T> = (0..N).map(&mut make).collect::<Result<_, _>>()?;
    values.try_into().map_err(|_| Trap::FlatValues)
}

impl<T: Lift, const N: usize> Lift for [T; N] {
    fn lift<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let element = ty.part::<T>(cx.types, 0)?;
        array(|position| T::lift(cx, element, flat_from(flat, position * T::FORM.flat)?))
    }

    fn load<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let element = ty.part::<T>(cx.types, 0)?;
        let size = T::FORM.size(cx.options.width);
        array(|position| T::load(cx, element, part(bytes, position as u32 * size)?))
    }
}

impl<T: Lower, const N: usize> Lower for [T; N] {
    async fn lower<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, flat: &mut [u64]) -> Result<(), G::Error> {
        let element = ty.part::<T>(cx.types, 0)?;
        for (position, value) in self.iter().enumerate() {
            value
                .lower(cx, element, flat_from_mut(flat, position * T::FORM.flat)?)
                .await?;
        }
        Ok(())
    }

    async fn store<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, address: u64) -> Result<(), G::Error> {
        let element = ty.part::<T>(cx.types, 0)?;
        T::store_list(self, cx, element, address).await
    }
}
