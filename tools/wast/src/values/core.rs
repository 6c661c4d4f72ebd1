//! Values of core modules.

use wasmtime::{AnyRef, ExternRef, Rooted, Store, V128, Val};
use wast::WastArg;
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};

/// An argument of a call.
///
/// # Errors
///
/// The engine has no such value.
pub(crate) fn argument<T>(store: &mut Store<T>, argument: &WastArg<'_>) -> Result<Val, String> {
    let WastArg::Core(argument) = argument else {
        return Err("an argument of a component's type, in a call of a module".to_owned());
    };
    Ok(match argument {
        WastArgCore::I32(value) => Val::I32(*value),
        WastArgCore::I64(value) => Val::I64(*value),
        WastArgCore::F32(value) => Val::F32(value.bits),
        WastArgCore::F64(value) => Val::F64(value.bits),
        WastArgCore::V128(value) => Val::V128(V128::from(u128::from_le_bytes(value.to_le_bytes()))),
        WastArgCore::RefNull(ty) => null(ty)?,
        WastArgCore::RefExtern(value) => Val::ExternRef(Some(host_reference(store, *value)?)),
        WastArgCore::RefHost(value) => {
            let reference = host_reference(store, *value)?;
            Val::AnyRef(Some(AnyRef::convert_extern(&mut *store, reference).map_err(text)?))
        }
    })
}

fn host_reference<T>(store: &mut Store<T>, value: u32) -> Result<Rooted<ExternRef>, String> {
    ExternRef::new(store, value).map_err(text)
}

fn null(ty: &HeapType<'_>) -> Result<Val, String> {
    let HeapType::Abstract { ty, .. } = ty else {
        return Err("a null reference of a concrete type".to_owned());
    };
    Ok(match ty {
        AbstractHeapType::Func | AbstractHeapType::NoFunc => Val::FuncRef(None),
        AbstractHeapType::Extern | AbstractHeapType::NoExtern => Val::ExternRef(None),
        AbstractHeapType::Exn | AbstractHeapType::NoExn => Val::ExnRef(None),
        AbstractHeapType::Cont | AbstractHeapType::NoCont => Val::ContRef(None),
        AbstractHeapType::Any
        | AbstractHeapType::Eq
        | AbstractHeapType::Struct
        | AbstractHeapType::Array
        | AbstractHeapType::I31
        | AbstractHeapType::None => Val::AnyRef(None),
    })
}

/// Whether a result matches the expected one.
///
/// # Errors
///
/// The expectation cannot be compared, or the value has been collected.
pub(crate) fn matches<T>(store: &mut Store<T>, value: &Val, expected: &WastRetCore<'_>) -> Result<bool, String> {
    Ok(match (expected, value) {
        (WastRetCore::I32(expected), Val::I32(value)) => expected == value,
        (WastRetCore::I64(expected), Val::I64(value)) => expected == value,
        (WastRetCore::F32(expected), Val::F32(bits)) => f32_matches(expected, *bits),
        (WastRetCore::F64(expected), Val::F64(bits)) => f64_matches(expected, *bits),
        (WastRetCore::V128(expected), Val::V128(value)) => v128_matches(expected, value.as_u128()),
        (WastRetCore::RefNull(ty), value) => is_null(value, ty.as_ref())?,
        (WastRetCore::RefExtern(None), Val::ExternRef(value)) => value.is_some(),
        (WastRetCore::RefExtern(Some(expected)), Val::ExternRef(Some(value))) => {
            host_value(store, *value)? == Some(*expected)
        }
        (WastRetCore::RefHost(expected), Val::AnyRef(Some(value))) => {
            let reference = ExternRef::convert_any(&mut *store, *value).map_err(text)?;
            host_value(store, reference)? == Some(*expected)
        }
        (WastRetCore::RefFunc(_), Val::FuncRef(value)) => value.is_some(),
        (WastRetCore::RefAny, Val::AnyRef(value)) => value.is_some(),
        (WastRetCore::RefEq, Val::AnyRef(Some(value))) => value.is_eqref(&*store).map_err(text)?,
        (WastRetCore::RefArray, Val::AnyRef(Some(value))) => value.is_array(&*store).map_err(text)?,
        (WastRetCore::RefStruct, Val::AnyRef(Some(value))) => value.is_struct(&*store).map_err(text)?,
        (WastRetCore::RefI31 | WastRetCore::RefI31Shared, Val::AnyRef(Some(value))) => {
            value.is_i31(&*store).map_err(text)?
        }
        (WastRetCore::Either(cases), value) => {
            for case in cases {
                if matches(store, value, case)? {
                    return Ok(true);
                }
            }
            false
        }
        _ => false,
    })
}

fn is_null(value: &Val, ty: Option<&HeapType<'_>>) -> Result<bool, String> {
    let is_null = matches!(
        value,
        Val::FuncRef(None) | Val::ExternRef(None) | Val::AnyRef(None) | Val::ExnRef(None) | Val::ContRef(None)
    );
    Ok(match ty {
        Some(ty) => is_null && std::mem::discriminant(value) == std::mem::discriminant(&null(ty)?),
        None => is_null,
    })
}

fn host_value<T>(store: &Store<T>, reference: Rooted<ExternRef>) -> Result<Option<u32>, String> {
    let data = reference.data(store).map_err(text)?;
    Ok(data.and_then(|data| data.downcast_ref::<u32>().copied()))
}

pub(super) fn f32_matches(expected: &NanPattern<F32>, bits: u32) -> bool {
    const CANONICAL: u32 = 0x7fc0_0000;
    match expected {
        NanPattern::CanonicalNan => bits & !(1 << 31) == CANONICAL,
        NanPattern::ArithmeticNan => bits & CANONICAL == CANONICAL,
        NanPattern::Value(expected) => bits == expected.bits,
    }
}

pub(super) fn f64_matches(expected: &NanPattern<F64>, bits: u64) -> bool {
    const CANONICAL: u64 = 0x7ff8_0000_0000_0000;
    match expected {
        NanPattern::CanonicalNan => bits & !(1 << 63) == CANONICAL,
        NanPattern::ArithmeticNan => bits & CANONICAL == CANONICAL,
        NanPattern::Value(expected) => bits == expected.bits,
    }
}

fn v128_matches(expected: &V128Pattern, value: u128) -> bool {
    let lane = |width: u32, index: usize| (value >> (width as usize * index)) as u64;
    match expected {
        V128Pattern::I8x16(lanes) => (0..)
            .zip(lanes)
            .all(|(index, expected)| lane(8, index) as i8 == *expected),
        V128Pattern::I16x8(lanes) => (0..)
            .zip(lanes)
            .all(|(index, expected)| lane(16, index) as i16 == *expected),
        V128Pattern::I32x4(lanes) => (0..)
            .zip(lanes)
            .all(|(index, expected)| lane(32, index) as i32 == *expected),
        V128Pattern::I64x2(lanes) => (0..)
            .zip(lanes)
            .all(|(index, expected)| lane(64, index) as i64 == *expected),
        V128Pattern::F32x4(lanes) => (0..)
            .zip(lanes)
            .all(|(index, expected)| f32_matches(expected, lane(32, index) as u32)),
        V128Pattern::F64x2(lanes) => (0..)
            .zip(lanes)
            .all(|(index, expected)| f64_matches(expected, lane(64, index))),
    }
}

fn text(error: wasmtime::Error) -> String {
    format!("{error:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canonical_nan_has_no_other_payload_and_an_arithmetic_one_may() {
        for (bits, canonical, arithmetic) in [
            (0x7fc0_0000, true, true),
            (0xffc0_0000, true, true),
            (0x7fc0_0001, false, true),
            (0x7fa0_0000, false, false),
            (0x7f80_0000, false, false),
        ] {
            assert_eq!(f32_matches(&NanPattern::CanonicalNan, bits), canonical, "{bits:#x}");
            assert_eq!(f32_matches(&NanPattern::ArithmeticNan, bits), arithmetic, "{bits:#x}");
        }
    }

    #[test]
    fn each_lane_of_a_vector_counts() {
        let value = u128::from_le_bytes([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0xc0, 0x7f]);
        let float = |bits| NanPattern::Value(F32 { bits });
        assert!(v128_matches(&V128Pattern::I32x4([1, 2, 3, 0x7fc0_0000]), value));
        assert!(!v128_matches(&V128Pattern::I32x4([1, 2, 4, 0x7fc0_0000]), value));
        let nan = [float(1), float(2), float(3), NanPattern::CanonicalNan];
        assert!(v128_matches(&V128Pattern::F32x4(nan), value));
    }
}
