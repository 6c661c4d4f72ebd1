//! The types whose lists are copied in bulk.
//!
//! **Problem.** Checking, lifting and lowering each treat lists of numbers differently from other lists. **After:**
//! they ask [`ValType::number`], so that a new type is classified only here.

use super::ValType;

/// A type all of whose bit patterns are values, and whose values in memory are little-endian bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    U8,
    S8,
    U16,
    S16,
    U32,
    S32,
    U64,
    S64,
    Float32,
    Float64,
}

impl ValType {
    /// The type as a number, so that code can copy lists of numbers in bulk.
    pub(crate) const fn number(self) -> Option<Number> {
        Some(match self {
            ValType::U8 => Number::U8,
            ValType::S8 => Number::S8,
            ValType::U16 => Number::U16,
            ValType::S16 => Number::S16,
            ValType::U32 => Number::U32,
            ValType::S32 => Number::S32,
            ValType::U64 => Number::U64,
            ValType::S64 => Number::S64,
            ValType::Float32 => Number::Float32,
            ValType::Float64 => Number::Float64,
            ValType::Bool
            | ValType::Char
            | ValType::String
            | ValType::List(_)
            | ValType::FixedLengthList(_)
            | ValType::Map(_)
            | ValType::Record(_)
            | ValType::Tuple(_)
            | ValType::Variant(_)
            | ValType::Enum(_)
            | ValType::Option(_)
            | ValType::Result(_)
            | ValType::Flags(_)
            | ValType::Own(_)
            | ValType::Borrow(_)
            | ValType::Unsupported(_) => return None,
        })
    }
}
