//! The parameters and the result of a function as tuples.

use super::{ComponentNamedList, ComponentType, Guest, Lift, Lower, Lowerer, Ty};
use crate::handles::Handles;
use crate::lift::Lifter;
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::{FuncType, MAX_FLAT_PARAMS};

/// The core values of a call, as bits. Those beyond what the type has are zero.
pub type FlatParams = [u64; MAX_FLAT_PARAMS];

impl<M: GuestMemory + ?Sized, H: Handles + ?Sized> Lifter<'_, M, H> {
    /// Lifts the arguments of a call that the guest makes. `flat` begins with the core values that it passes.
    ///
    /// # Errors
    ///
    /// They are not of the types.
    #[inline]
    pub fn typed_params<P: ComponentNamedList + Lift>(&mut self, func: &FuncType, flat: &[u64]) -> Result<P, Trap> {
        let ty = Ty::Params(&func.params);
        if P::FORM.is_flat_params() {
            return P::lift(self, ty, flat);
        }
        let bytes = self.spilled(func.params_layout(), flat)?;
        P::load(self, ty, &bytes)
    }

    /// Lifts the result of a call that the host made.
    ///
    /// # Errors
    ///
    /// It is not of the type.
    #[inline]
    pub fn typed_result<R: ComponentNamedList + Lift>(&mut self, func: &FuncType, flat: &[u64]) -> Result<R, Trap> {
        let ty = Ty::Result(func.result);
        if R::FORM.is_flat_result() {
            return R::lift(self, ty, flat);
        }
        let bytes = self.spilled(func.result_layout(), flat)?;
        R::load(self, ty, &bytes)
    }
}

impl<G: Guest> Lowerer<'_, G> {
    /// Lowers the arguments of a call that the host makes.
    ///
    /// # Errors
    ///
    /// The guest cannot take them.
    pub async fn params<P>(&mut self, func: &FuncType, params: &P) -> Result<FlatParams, G::Error>
    where
        P: ComponentNamedList + Lower,
    {
        let mut flat = [0; MAX_FLAT_PARAMS];
        let ty = Ty::Params(&func.params);
        if P::FORM.is_flat_params() {
            params.lower(self, ty, &mut flat).await?;
        } else {
            let width = self.options.width;
            let (align, size) = (P::FORM.align(width), P::FORM.size(width));
            let pointer = self.allocate(align, size.into()).await?;
            params.store(self, ty, pointer).await?;
            flat[0] = pointer;
        }
        Ok(flat)
    }

    /// Lowers the result of a call that the guest makes. `flat` has the core values that it passed: the last one leads to the place of
    /// the result if it does not fit in a core value. Returns that core value, or zero.
    ///
    /// # Errors
    ///
    /// The guest cannot take it.
    #[inline]
    pub async fn result<P, R>(&mut self, func: &FuncType, result: &R, flat: &[u64]) -> Result<u64, G::Error>
    where
        P: ComponentType,
        R: ComponentNamedList + Lower,
    {
        let ty = Ty::Result(func.result);
        let mut bits = [0];
        if R::FORM.is_flat_result() {
            result.lower(self, ty, &mut bits).await?;
        } else {
            let params = match P::FORM.is_flat_params() {
                true => P::FORM.flat,
                false => 1,
            };
            let pointer = *flat.get(params).ok_or(Trap::FlatValues)?;
            let width = self.options.width;
            let place = self.result_place(pointer, R::FORM.size(width), R::FORM.align(width))?;
            result.store(self, ty, place).await?;
        }
        Ok(bits[0])
    }
}
