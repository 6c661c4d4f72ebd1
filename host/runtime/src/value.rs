//! Component values that fit in one core value, and their lifting and lowering.
//!
//! Specification: [flat lifting](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#flat-lifting).

use crate::error::Error;
use crate::error::trap;
use wasmtime::Val as CoreVal;
use weft_lower::plan::ValueType;

/// An argument or the result of a lifted function.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants are the component model's types")]
pub enum Val {
    Bool(bool),
    S8(i8),
    U8(u8),
    S16(i16),
    U16(u16),
    S32(i32),
    U32(u32),
    S64(i64),
    U64(u64),
    Float32(f32),
    Float64(f64),
    Char(char),
    /// `result` without payloads.
    Result(Result<(), ()>),
}

impl Val {
    fn ty(&self) -> ValueType {
        match self {
            Val::Bool(_) => ValueType::Bool,
            Val::S8(_) => ValueType::S8,
            Val::U8(_) => ValueType::U8,
            Val::S16(_) => ValueType::S16,
            Val::U16(_) => ValueType::U16,
            Val::S32(_) => ValueType::S32,
            Val::U32(_) => ValueType::U32,
            Val::S64(_) => ValueType::S64,
            Val::U64(_) => ValueType::U64,
            Val::Float32(_) => ValueType::Float32,
            Val::Float64(_) => ValueType::Float64,
            Val::Char(_) => ValueType::Char,
            Val::Result(_) => ValueType::Result,
        }
    }

    /// Lowers an argument for parameter `name`.
    pub(crate) fn lower(&self, name: &str, ty: &ValueType) -> Result<CoreVal, Error> {
        if self.ty() != *ty {
            let given = self.ty();
            return Err(Error::Arguments(format!(
                "parameter `{name}` has type `{ty}`, not `{given}`"
            )));
        }
        Ok(match *self {
            Val::Bool(value) => CoreVal::I32(value.into()),
            Val::S8(value) => CoreVal::I32(value.into()),
            Val::U8(value) => CoreVal::I32(value.into()),
            Val::S16(value) => CoreVal::I32(value.into()),
            Val::U16(value) => CoreVal::I32(value.into()),
            Val::S32(value) => CoreVal::I32(value),
            Val::U32(value) => CoreVal::I32(value as i32),
            Val::S64(value) => CoreVal::I64(value),
            Val::U64(value) => CoreVal::I64(value as i64),
            Val::Float32(value) => CoreVal::F32(value.to_bits()),
            Val::Float64(value) => CoreVal::F64(value.to_bits()),
            Val::Char(value) => CoreVal::I32(u32::from(value) as i32),
            Val::Result(value) => CoreVal::I32(value.is_err().into()),
        })
    }

    /// Lifts a result. Integers are cut to their width; a discriminant or character that is none is a trap.
    pub(crate) fn lift(value: &CoreVal, ty: &ValueType) -> wasmtime::Result<Self> {
        Ok(match (ty, value) {
            (ValueType::Bool, CoreVal::I32(value)) => Val::Bool(*value != 0),
            (ValueType::S8, CoreVal::I32(value)) => Val::S8(*value as i8),
            (ValueType::U8, CoreVal::I32(value)) => Val::U8(*value as u8),
            (ValueType::S16, CoreVal::I32(value)) => Val::S16(*value as i16),
            (ValueType::U16, CoreVal::I32(value)) => Val::U16(*value as u16),
            (ValueType::S32, CoreVal::I32(value)) => Val::S32(*value),
            (ValueType::U32, CoreVal::I32(value)) => Val::U32(*value as u32),
            (ValueType::S64, CoreVal::I64(value)) => Val::S64(*value),
            (ValueType::U64, CoreVal::I64(value)) => Val::U64(*value as u64),
            (ValueType::Float32, CoreVal::F32(bits)) => Val::Float32(f32::from_bits(*bits)),
            (ValueType::Float64, CoreVal::F64(bits)) => Val::Float64(f64::from_bits(*bits)),
            (ValueType::Char, CoreVal::I32(value)) => match char::from_u32(*value as u32) {
                Some(value) => Val::Char(value),
                None => return Err(trap(format_args!("{value:#x} is not a character"))),
            },
            (ValueType::Result, CoreVal::I32(0)) => Val::Result(Ok(())),
            (ValueType::Result, CoreVal::I32(1)) => Val::Result(Err(())),
            (ValueType::Result, _) => return Err(trap("invalid discriminant of a result")),
            (ty, _) => return Err(trap(format_args!("a result of type `{ty}` cannot be lifted"))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_cut_to_their_width() {
        let lift = |ty, value| Val::lift(&CoreVal::I32(value), &ty).ok();
        assert_eq!(lift(ValueType::S8, 0x1ff), Some(Val::S8(-1)));
        assert_eq!(lift(ValueType::U16, -1), Some(Val::U16(0xffff)));
        assert_eq!(lift(ValueType::Bool, 2), Some(Val::Bool(true)));
    }

    #[test]
    fn what_is_no_value_of_the_type_traps() {
        for (ty, value) in [(ValueType::Char, 0xd800), (ValueType::Result, 2)] {
            assert!(Val::lift(&CoreVal::I32(value), &ty).is_err());
        }
    }

    #[test]
    fn an_argument_of_another_type_is_refused_by_name() {
        let error = Val::S32(1)
            .lower("count", &ValueType::U32)
            .map_err(|error| error.to_string());
        assert_eq!(
            error.err().as_deref(),
            Some("parameter `count` has type `u32`, not `s32`")
        );
    }
}
