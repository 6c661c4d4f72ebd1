//! Converts core values between Wasmtime's form and the bits that lifting and lowering use.

use crate::error::trap;
use std::ops::Deref;
use wasmtime::{Val, ValType};
use weft_abi::types::MAX_FLAT_PARAMS;

/// The core values of a call, as bits. A call has at most one more of these than the maximum for parameters: the
/// pointer to the place for the result.
pub(crate) struct FlatValues {
    bits: [u64; MAX_FLAT_PARAMS + 1],
    count: usize,
}

impl FlatValues {
    /// The bits of the values that a call passes, all of which are numbers.
    pub(crate) fn of(values: &[Val]) -> wasmtime::Result<Self> {
        let mut flat = FlatValues {
            bits: [0; MAX_FLAT_PARAMS + 1],
            count: values.len(),
        };
        let places = flat.bits.get_mut(..values.len());
        let places = places.ok_or_else(|| trap("a call passes more core values than any type has"))?;
        for (place, value) in places.iter_mut().zip(values) {
            *place = match value {
                Val::I32(value) => u64::from(*value as u32),
                Val::I64(value) => *value as u64,
                Val::F32(bits) => u64::from(*bits),
                Val::F64(bits) => *bits,
                Val::V128(_)
                | Val::FuncRef(_)
                | Val::ExternRef(_)
                | Val::AnyRef(_)
                | Val::ExnRef(_)
                | Val::ContRef(_) => return Err(trap("a core value that is passed is no number")),
            };
        }
        Ok(flat)
    }

    /// All places, of which those beyond the values are zero.
    pub(crate) const fn call(&self) -> [u64; MAX_FLAT_PARAMS + 1] {
        self.bits
    }
}

impl Deref for FlatValues {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        &self.bits[..self.count]
    }
}

/// The core value of type `ty` with these bits. A 32-bit value uses the lower half.
pub(crate) fn value(bits: u64, ty: &ValType) -> wasmtime::Result<Val> {
    match ty {
        ValType::I32 => Ok(Val::I32(bits as i32)),
        ValType::I64 => Ok(Val::I64(bits as i64)),
        ValType::F32 => Ok(Val::F32(bits as u32)),
        ValType::F64 => Ok(Val::F64(bits)),
        ValType::V128 | ValType::Ref(_) => Err(trap("a core value that is passed is no number")),
    }
}
