//! Values of components.

use super::core::{f32_matches, f64_matches};
use wasmtime::component::Val;
use wast::WastArg;
use wast::WastRet;
use wast::component::WastVal;
use wast::core::{NanPattern, WastArgCore, WastRetCore};

/// An argument of a call. Floats look the same in modules and components.
///
/// # Errors
///
/// It is a value of a core module.
pub(crate) fn argument(argument: &WastArg<'_>) -> Result<Val, String> {
    match argument {
        WastArg::Core(WastArgCore::F32(value)) => Ok(Val::Float32(f32::from_bits(value.bits))),
        WastArg::Core(WastArgCore::F64(value)) => Ok(Val::Float64(f64::from_bits(value.bits))),
        WastArg::Component(value) => Ok(lift(value)),
        _ => Err("an argument of a core type, in a call of a component".to_owned()),
    }
}

pub(super) fn lift(value: &WastVal<'_>) -> Val {
    let payload = |value: &Option<Box<WastVal<'_>>>| value.as_deref().map(|value| Box::new(lift(value)));
    match value {
        WastVal::Bool(value) => Val::Bool(*value),
        WastVal::U8(value) => Val::U8(*value),
        WastVal::S8(value) => Val::S8(*value),
        WastVal::U16(value) => Val::U16(*value),
        WastVal::S16(value) => Val::S16(*value),
        WastVal::U32(value) => Val::U32(*value),
        WastVal::S32(value) => Val::S32(*value),
        WastVal::U64(value) => Val::U64(*value),
        WastVal::S64(value) => Val::S64(*value),
        WastVal::F32(value) => Val::Float32(f32::from_bits(value.bits)),
        WastVal::F64(value) => Val::Float64(f64::from_bits(value.bits)),
        WastVal::Char(value) => Val::Char(*value),
        WastVal::String(value) => Val::String((*value).to_owned()),
        WastVal::List(values) => Val::List(values.iter().map(lift).collect()),
        WastVal::Record(fields) => {
            let field = |(name, value): &(&str, WastVal<'_>)| ((*name).to_owned(), lift(value));
            Val::Record(fields.iter().map(field).collect())
        }
        WastVal::Tuple(values) => Val::Tuple(values.iter().map(lift).collect()),
        WastVal::Variant(name, value) => Val::Variant((*name).to_owned(), payload(value)),
        WastVal::Enum(name) => Val::Enum((*name).to_owned()),
        WastVal::Option(value) => Val::Option(payload(value)),
        WastVal::Result(Ok(value)) => Val::Result(Ok(payload(value))),
        WastVal::Result(Err(value)) => Val::Result(Err(payload(value))),
        WastVal::Flags(names) => Val::Flags(names.iter().map(|name| (*name).to_owned()).collect()),
    }
}

/// Whether a result matches the expected one. All NaNs match each other, because components do not distinguish them.
///
/// # Errors
///
/// A value of a core module is expected.
pub(super) fn matches(value: &Val, expected: &WastRet<'_>) -> Result<bool, String> {
    let expected = match expected {
        WastRet::Component(expected) => lift(expected),
        WastRet::Core(WastRetCore::F32(pattern)) => match (pattern, value) {
            (NanPattern::Value(expected), _) => Val::Float32(f32::from_bits(expected.bits)),
            (pattern, Val::Float32(value)) => return Ok(f32_matches(pattern, value.to_bits())),
            _ => return Ok(false),
        },
        WastRet::Core(WastRetCore::F64(pattern)) => match (pattern, value) {
            (NanPattern::Value(expected), _) => Val::Float64(f64::from_bits(expected.bits)),
            (pattern, Val::Float64(value)) => return Ok(f64_matches(pattern, value.to_bits())),
            _ => return Ok(false),
        },
        _ => return Err("a value of a core type is expected of a component".to_owned()),
    };
    Ok(*value == expected)
}
