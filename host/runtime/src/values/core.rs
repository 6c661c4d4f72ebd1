//! Core values, between the engine's and the bits that lifting and lowering work on.

use crate::error::trap;
use wasmtime::{Val, ValType};

/// The bits of core values. None but numbers are passed.
pub(crate) fn bits(values: &[Val]) -> wasmtime::Result<Vec<u64>> {
    let bits = values.iter().map(|value| match value {
        Val::I32(value) => Ok(u64::from(*value as u32)),
        Val::I64(value) => Ok(*value as u64),
        Val::F32(bits) => Ok(u64::from(*bits)),
        Val::F64(bits) => Ok(*bits),
        Val::V128(_) | Val::FuncRef(_) | Val::ExternRef(_) | Val::AnyRef(_) | Val::ExnRef(_) | Val::ContRef(_) => {
            Err(trap("a core value that is passed is no number"))
        }
    });
    bits.collect()
}

/// The core value of a type that has these bits. A narrower one has the lower half.
pub(crate) fn value(bits: u64, ty: &ValType) -> wasmtime::Result<Val> {
    match ty {
        ValType::I32 => Ok(Val::I32(bits as i32)),
        ValType::I64 => Ok(Val::I64(bits as i64)),
        ValType::F32 => Ok(Val::F32(bits as u32)),
        ValType::F64 => Ok(Val::F64(bits)),
        ValType::V128 | ValType::Ref(_) => Err(trap("a core value that is passed is no number")),
    }
}
