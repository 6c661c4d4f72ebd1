//! Tuples, as values and as the parameters and the result of functions.

use super::flat::{End, FlatList};
use super::named_list::EachItem;
use super::{ComponentNamedList, ComponentType, Form, Guest, Lift, Lower, Lowerer, Ty, TypeCheck};
use super::{flat_from, flat_from_mut};
use crate::check::Mismatch;
use crate::handles::Handles;
use crate::lift::{Lifter, part};
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::ValType;

/// No value: the payload of a case without one, and the parameters or the result of a function without any.
impl ComponentType for () {
    const FORM: Form = Form::EMPTY;
    type Flat = End;

    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        Err(types.mismatch("no value", ty))
    }

    fn typecheck_payload(ty: Option<ValType>, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        match ty {
            Some(ty) => Err(types.mismatch("no payload", ty)),
            None => Ok(()),
        }
    }
}

impl ComponentNamedList for () {
    const LENGTH: usize = 0;

    fn typecheck_each(_: &TypeCheck<'_>, _: &mut EachItem<'_>) -> Result<(), Mismatch> {
        Ok(())
    }
}

impl Lift for () {
    #[inline]
    fn lift<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, _: &[u64]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        Ok(())
    }

    #[inline]
    fn load<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, _: &[u8]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        Ok(())
    }
}

impl Lower for () {
    #[inline]
    fn core_value(&self) -> Option<u64> {
        Some(0)
    }

    #[inline]
    async fn lower<G: Guest>(&self, _: &mut Lowerer<'_, G>, _: Ty<'_>, _: &mut [u64]) -> Result<(), G::Error> {
        Ok(())
    }

    #[inline]
    async fn store<G: Guest>(&self, _: &mut Lowerer<'_, G>, _: Ty<'_>, _: u64) -> Result<(), G::Error> {
        Ok(())
    }
}

/// The core types of all, one after the other.
macro_rules! append {
    () => { End };
    ($first:ident $($rest:ident)*) => { <$first::Flat as FlatList>::Append<append!($($rest)*)> };
}

macro_rules! tuple {
    ($count:literal $($name:ident $position:tt)*) => {
        impl<$($name: ComponentType),*> ComponentType for ($($name,)*) {
            const FORM: Form = Form::record(&[$($name::FORM),*]);
            type Flat = append!($($name)*);

            fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
                let ValType::Tuple(index) = ty else {
                    return Err(types.mismatch("tuple", ty));
                };
                let items = &types.types[index].items;
                if items.len() != $count {
                    return Err(Mismatch::new(format!("expected {} item(s), found {}", $count, items.len())));
                }
                $(types.item::<$name>($position, items[$position].ty)?;)*
                Ok(())
            }
        }

        impl<$($name: ComponentType),*> ComponentNamedList for ($($name,)*) {
            const LENGTH: usize = $count;

            fn typecheck_each(
                types: &TypeCheck<'_>,
                each: &mut EachItem<'_>,
            ) -> Result<(), Mismatch> {
                $(each($position, &|ty| $name::typecheck(ty, types))?;)*
                Ok(())
            }
        }

        impl<$($name: Lift),*> Lift for ($($name,)*) {
            #[inline]
            #[allow(unused_assignments, reason = "the last item is followed by nothing")]
            fn lift<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                let mut at = 0;
                Ok(($({
                    let item = ty.part::<$name>(cx.types, $position)?;
                    let value = $name::lift(cx, item, flat_from(flat, at)?)?;
                    at += $name::FORM.flat;
                    value
                },)*))
            }

            fn load<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                let offsets = const { Form::offsets([$($name::FORM),*]) };
                let width = cx.options.width.index();
                Ok(($({
                    let item = ty.part::<$name>(cx.types, $position)?;
                    $name::load(cx, item, part(bytes, offsets[$position][width])?)?
                },)*))
            }
        }

        impl<$($name: Lower),*> Lower for ($($name,)*) {
            #[inline]
            fn core_value(&self) -> Option<u64> {
                match $count {
                    1 => self.0.core_value(),
                    _ => None,
                }
            }

            #[inline]
            #[allow(unused_assignments, reason = "the last item is followed by nothing")]
            async fn lower<G: Guest>(
                &self,
                cx: &mut Lowerer<'_, G>,
                ty: Ty<'_>,
                flat: &mut [u64],
            ) -> Result<(), G::Error> {
                let mut at = 0;
                $(
                    let item = ty.part::<$name>(cx.types, $position)?;
                    self.$position.lower(cx, item, flat_from_mut(flat, at)?).await?;
                    at += $name::FORM.flat;
                )*
                Ok(())
            }

            async fn store<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, address: u64) -> Result<(), G::Error> {
                let offsets = const { Form::offsets([$($name::FORM),*]) };
                let width = cx.options.width.index();
                $(
                    let item = ty.part::<$name>(cx.types, $position)?;
                    self.$position.store(cx, item, address + u64::from(offsets[$position][width])).await?;
                )*
                Ok(())
            }
        }
    };
}

tuple! { 1 A 0 }
tuple! { 2 A 0 B 1 }
tuple! { 3 A 0 B 1 C 2 }
tuple! { 4 A 0 B 1 C 2 D 3 }
tuple! { 5 A 0 B 1 C 2 D 3 E 4 }
tuple! { 6 A 0 B 1 C 2 D 3 E 4 F 5 }
tuple! { 7 A 0 B 1 C 2 D 3 E 4 F 5 I 6 }
tuple! { 8 A 0 B 1 C 2 D 3 E 4 F 5 I 6 J 7 }
tuple! { 9 A 0 B 1 C 2 D 3 E 4 F 5 I 6 J 7 K 8 }
tuple! { 10 A 0 B 1 C 2 D 3 E 4 F 5 I 6 J 7 K 8 L 9 }
tuple! { 11 A 0 B 1 C 2 D 3 E 4 F 5 I 6 J 7 K 8 L 9 N 10 }
tuple! { 12 A 0 B 1 C 2 D 3 E 4 F 5 I 6 J 7 K 8 L 9 N 10 O 11 }
tuple! { 13 A 0 B 1 C 2 D 3 E 4 F 5 I 6 J 7 K 8 L 9 N 10 O 11 P 12 }
tuple! { 14 A 0 B 1 C 2 D 3 E 4 F 5 I 6 J 7 K 8 L 9 N 10 O 11 P 12 Q 13 }
tuple! { 15 A 0 B 1 C 2 D 3 E 4 F 5 I 6 J 7 K 8 L 9 N 10 O 11 P 12 Q 13 R 14 }
tuple! { 16 A 0 B 1 C 2 D 3 E 4 F 5 I 6 J 7 K 8 L 9 N 10 O 11 P 12 Q 13 R 14 S 15 }
tuple! { 17 A 0 B 1 C 2 D 3 E 4 F 5 I 6 J 7 K 8 L 9 N 10 O 11 P 12 Q 13 R 14 S 15 T 16 }
