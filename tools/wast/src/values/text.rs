//! Prints values in messages as a script would write them.

use crate::execution::Value;
use std::fmt::Write;
use wasmtime::{Val, component};
use wast::WastRet;
use wast::component::WastVal;
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastRetCore};
use wast::token::{F32, F64};

/// The actual values.
pub(crate) fn value_list(values: &[Value]) -> String {
    list(values.iter().map(|value| match value {
        Value::Core(value) => core_value(value),
        Value::Component(value) => component_value(value),
    }))
}

/// The expected values.
pub(crate) fn expected_list(expected: &[WastRet<'_>]) -> String {
    list(expected.iter().map(|expected| match expected {
        WastRet::Core(expected) => core_pattern(expected),
        WastRet::Component(expected) => component_pattern(expected),
        _ => "a value of unknown kind".to_owned(),
    }))
}

fn list(values: impl Iterator<Item = String>) -> String {
    let values: Vec<_> = values.collect();
    match values.is_empty() {
        true => "no value".to_owned(),
        false => values.join(" "),
    }
}

fn core_value(value: &Val) -> String {
    match value {
        Val::I32(value) => format!("(i32.const {value})"),
        Val::I64(value) => format!("(i64.const {value})"),
        Val::F32(bits) => format!("(f32.const {})", f32_text(*bits)),
        Val::F64(bits) => format!("(f64.const {})", f64_text(*bits)),
        Val::V128(value) => v128_text(value.as_u128()),
        Val::FuncRef(None) => "(ref.null func)".to_owned(),
        Val::FuncRef(Some(_)) => "(ref.func)".to_owned(),
        Val::ExternRef(None) => "(ref.null extern)".to_owned(),
        Val::ExternRef(Some(_)) => "(ref.extern)".to_owned(),
        Val::AnyRef(None) => "(ref.null any)".to_owned(),
        Val::AnyRef(Some(_)) => "(ref.any)".to_owned(),
        Val::ExnRef(None) => "(ref.null exn)".to_owned(),
        Val::ExnRef(Some(_)) => "(ref.exn)".to_owned(),
        Val::ContRef(_) => "(ref.cont)".to_owned(),
    }
}

fn core_pattern(expected: &WastRetCore<'_>) -> String {
    match expected {
        WastRetCore::I32(value) => format!("(i32.const {value})"),
        WastRetCore::I64(value) => format!("(i64.const {value})"),
        WastRetCore::F32(pattern) => format!("(f32.const {})", f32_pattern(pattern)),
        WastRetCore::F64(pattern) => format!("(f64.const {})", f64_pattern(pattern)),
        WastRetCore::V128(pattern) => v128_pattern(pattern),
        WastRetCore::RefNull(None) => "(ref.null)".to_owned(),
        WastRetCore::RefNull(Some(HeapType::Abstract { ty, .. })) => format!("(ref.null {})", heap_type(ty)),
        WastRetCore::RefNull(Some(_)) => "(ref.null) of a concrete type".to_owned(),
        WastRetCore::RefExtern(None) => "(ref.extern)".to_owned(),
        WastRetCore::RefExtern(Some(value)) => format!("(ref.extern {value})"),
        WastRetCore::RefHost(value) => format!("(ref.host {value})"),
        WastRetCore::RefFunc(_) => "(ref.func)".to_owned(),
        WastRetCore::RefAny => "(ref.any)".to_owned(),
        WastRetCore::RefEq => "(ref.eq)".to_owned(),
        WastRetCore::RefArray => "(ref.array)".to_owned(),
        WastRetCore::RefStruct => "(ref.struct)".to_owned(),
        WastRetCore::RefI31 => "(ref.i31)".to_owned(),
        WastRetCore::RefI31Shared => "(ref.i31_shared)".to_owned(),
        WastRetCore::Either(cases) => format!("(either {})", list(cases.iter().map(core_pattern))),
    }
}

fn heap_type(ty: &AbstractHeapType) -> String {
    format!("{ty:?}").to_ascii_lowercase()
}

fn f32_text(bits: u32) -> String {
    let value = f32::from_bits(bits);
    match value.is_nan() {
        true => nan(value.is_sign_negative(), u64::from(bits & 0x007f_ffff)),
        false => value.to_string(),
    }
}

fn f64_text(bits: u64) -> String {
    let value = f64::from_bits(bits);
    match value.is_nan() {
        true => nan(value.is_sign_negative(), bits & 0x000f_ffff_ffff_ffff),
        false => value.to_string(),
    }
}

fn nan(negative: bool, payload: u64) -> String {
    let sign = if negative { "-" } else { "" };
    format!("{sign}nan:{payload:#x}")
}

fn f32_pattern(pattern: &NanPattern<F32>) -> String {
    match pattern {
        NanPattern::CanonicalNan => "nan:canonical".to_owned(),
        NanPattern::ArithmeticNan => "nan:arithmetic".to_owned(),
        NanPattern::Value(value) => f32_text(value.bits),
    }
}

fn f64_pattern(pattern: &NanPattern<F64>) -> String {
    match pattern {
        NanPattern::CanonicalNan => "nan:canonical".to_owned(),
        NanPattern::ArithmeticNan => "nan:arithmetic".to_owned(),
        NanPattern::Value(value) => f64_text(value.bits),
    }
}

fn v128_text(value: u128) -> String {
    let lanes = (0..4).map(|lane| format!("{:#010x}", (value >> (32 * lane)) as u32));
    format!("(v128.const i32x4 {})", list(lanes))
}

fn v128_pattern(pattern: &V128Pattern) -> String {
    let (shape, lanes) = match pattern {
        V128Pattern::I8x16(lanes) => ("i8x16", list(lanes.iter().map(i8::to_string))),
        V128Pattern::I16x8(lanes) => ("i16x8", list(lanes.iter().map(i16::to_string))),
        V128Pattern::I32x4(lanes) => ("i32x4", list(lanes.iter().map(|lane| format!("{lane:#010x}")))),
        V128Pattern::I64x2(lanes) => ("i64x2", list(lanes.iter().map(i64::to_string))),
        V128Pattern::F32x4(lanes) => ("f32x4", list(lanes.iter().map(f32_pattern))),
        V128Pattern::F64x2(lanes) => ("f64x2", list(lanes.iter().map(f64_pattern))),
    };
    format!("(v128.const {shape} {lanes})")
}

fn component_pattern(expected: &WastVal<'_>) -> String {
    component_value(&super::component::lift(expected))
}

fn component_value(value: &component::Val) -> String {
    use component::Val;
    match value {
        Val::Bool(value) => format!("(bool.const {value})"),
        Val::S8(value) => format!("(s8.const {value})"),
        Val::U8(value) => format!("(u8.const {value})"),
        Val::S16(value) => format!("(s16.const {value})"),
        Val::U16(value) => format!("(u16.const {value})"),
        Val::S32(value) => format!("(s32.const {value})"),
        Val::U32(value) => format!("(u32.const {value})"),
        Val::S64(value) => format!("(s64.const {value})"),
        Val::U64(value) => format!("(u64.const {value})"),
        Val::Float32(value) => format!("(f32.const {})", f32_text(value.to_bits())),
        Val::Float64(value) => format!("(f64.const {})", f64_text(value.to_bits())),
        Val::Char(value) => format!("(char.const {:?})", value.to_string()),
        Val::String(value) => format!("(str.const {value:?})"),
        Val::List(values) | Val::FixedLengthList(values) => sequence("list.const", values),
        Val::Tuple(values) => sequence("tuple.const", values),
        Val::Record(fields) => {
            let mut text = "(record.const".to_owned();
            for (name, value) in fields {
                // Writing to a string cannot fail.
                let _ = write!(text, " (field {name:?} {})", component_value(value));
            }
            text + ")"
        }
        Val::Variant(name, value) => format!("(variant.const {name:?}{})", payload(value)),
        Val::Enum(name) => format!("(enum.const {name:?})"),
        Val::Option(None) => "(option.none)".to_owned(),
        Val::Option(value) => format!("(option.some{})", payload(value)),
        Val::Result(Ok(value)) => format!("(result.ok{})", payload(value)),
        Val::Result(Err(value)) => format!("(result.err{})", payload(value)),
        Val::Flags(names) => {
            let names = names.iter().map(|name| format!(" {name:?}"));
            format!("(flags.const{})", names.collect::<String>())
        }
        Val::Map(_) | Val::Resource(_) | Val::Future(_) | Val::Stream(_) | Val::ErrorContext(_) => {
            format!("{value:?}")
        }
    }
}

fn sequence(keyword: &str, values: &[component::Val]) -> String {
    let values = values.iter().map(|value| format!(" {}", component_value(value)));
    format!("({keyword}{})", values.collect::<String>())
}

fn payload(value: &Option<Box<component::Val>>) -> String {
    value
        .as_ref()
        .map(|value| format!(" {}", component_value(value)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_scripts_write_them() {
        let nan = Value::Core(Val::F32(0xffc0_0001));
        let list = component::Val::List(vec![component::Val::U8(1), component::Val::Option(None)]);
        let values = value_list(&[nan, Value::Component(list)]);
        assert_eq!(
            values,
            "(f32.const -nan:0x400001) (list.const (u8.const 1) (option.none))"
        );
        assert_eq!(value_list(&[]), "no value");
    }
}
