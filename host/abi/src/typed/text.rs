//! Strings.

use super::flat::Pair;
use super::{ComponentType, Form, Guest, Lift, Lower, Lowerer, Ty, TypeCheck};
use crate::check::Mismatch;
use crate::handles::Handles;
use crate::lift::Lifter;
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::ValType;

/// An empty form, for what a string points to.
const BYTES: Form = Form::scalar(1);

impl ComponentType for str {
    const FORM: Form = Form::pair(BYTES);
    type Flat = Pair;

    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        match ty {
            ValType::String => Ok(()),
            _ => Err(types.mismatch("string", ty)),
        }
    }
}

impl ComponentType for String {
    const FORM: Form = str::FORM;
    type Flat = Pair;

    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        str::typecheck(ty, types)
    }
}

impl Lift for String {
    #[inline]
    fn lift<M, H>(cx: &mut Lifter<'_, M, H>, _: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let (pointer, length) = cx.flat_pair(flat)?;
        cx.string(pointer, length)
    }

    #[inline]
    fn load<M, H>(cx: &mut Lifter<'_, M, H>, _: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let (pointer, length) = cx.pair(bytes)?;
        cx.string(pointer, length)
    }
}

impl Lower for str {
    async fn lower<G: Guest>(&self, cx: &mut Lowerer<'_, G>, _: Ty<'_>, flat: &mut [u64]) -> Result<(), G::Error> {
        let pair = cx.text(self).await?;
        Ok(flat_pair(pair, flat)?)
    }

    async fn store<G: Guest>(&self, cx: &mut Lowerer<'_, G>, _: Ty<'_>, address: u64) -> Result<(), G::Error> {
        let pair = cx.text(self).await?;
        cx.store_pair(pair, address)
    }
}

/// A pointer and a length as core values.
pub(super) fn flat_pair((pointer, length): (u64, u64), flat: &mut [u64]) -> Result<(), Trap> {
    match flat {
        [first, second, ..] => {
            (*first, *second) = (pointer, length);
            Ok(())
        }
        [] | [_] => Err(Trap::FlatValues),
    }
}
