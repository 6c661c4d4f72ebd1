//! Compares values with types, and checks the messages for values that do not match.

use weft_abi::handles::TypeNumber;
use weft_abi::{ResourceAny, ResourceIndex, TypeError, Types, Val, ValType, check, check_arguments, check_results};

fn said(types: &Types, ty: ValType, value: &Val) -> Option<String> {
    check(types, ty, value).err().map(|error| error.to_string())
}

#[test]
fn the_path_leads_to_the_part_that_does_not_fit() -> Result<(), TypeError> {
    let mut types = Types::new();
    let inner = types.add_record(vec![("y".into(), ValType::U32)])?;
    let list = types.add_list(inner)?;
    let func = types.add_func(vec![("n".into(), ValType::U8), ("x".into(), list)], Some(ValType::Bool))?;
    let record = |value| Val::Record(vec![("y".into(), value)]);

    let arguments = [
        Val::U8(1),
        Val::List(vec![record(Val::U32(1)), record(Val::String("no".into()))]),
    ];
    let error = check_arguments(&types, &types[func], &arguments).map_err(|error| error.to_string());
    assert_eq!(
        error,
        Err("argument `x`: element 1: field `y`: expected u32, found string".into())
    );
    let error = check_arguments(&types, &types[func], &arguments[..1]).map_err(|error| error.to_string());
    assert_eq!(error, Err("expected 2 argument(s), found 1".into()));
    let error = check_results(&types, &types[func], &[]).map_err(|error| error.to_string());
    assert_eq!(error, Err("expected 1 result(s), found 0".into()));
    let error = check_results(&types, &types[func], &[Val::U8(0)]).map_err(|error| error.to_string());
    assert_eq!(error, Err("result: expected bool, found u8".into()));
    Ok(())
}

#[test]
fn every_kind_of_mistake_is_named() -> Result<(), TypeError> {
    let mut types = Types::new();
    let variant = types.add_variant(vec![("a".into(), None), ("b".into(), Some(ValType::U8))])?;
    let boxed = |value| Some(Box::new(value));
    let flags = types.add_flags(vec!["f".into()])?;
    let pair = types.add_fixed_length_list(ValType::U8, 2)?;
    let map = types.add_map(ValType::String, ValType::U8)?;
    let result = types.add_result(Some(ValType::U8), None)?;
    let record = types.add_record(vec![("p".into(), ValType::U8)])?;
    let own = ValType::Own(ResourceIndex(0));
    let borrowed = Val::Resource(ResourceAny::new(1, (1, 1), TypeNumber::defined(0), false));

    let cases = [
        (variant, Val::Variant("c".into(), None), "the variant has no case `c`"),
        (
            variant,
            Val::Variant("a".into(), boxed(Val::U8(1))),
            "case `a`: expected no payload, found one",
        ),
        (
            variant,
            Val::Variant("b".into(), None),
            "case `b`: expected u8, found no payload",
        ),
        (
            variant,
            Val::Variant("b".into(), boxed(Val::S8(1))),
            "case `b`: expected u8, found s8",
        ),
        (flags, Val::Flags(vec!["g".into()]), "the type has no flag `g`"),
        (
            pair,
            Val::FixedLengthList(vec![Val::U8(1)]),
            "expected 2 element(s), found 1",
        ),
        (pair, Val::List(vec![Val::U8(1); 2]), "expected list<u8, 2>, found list"),
        (
            map,
            Val::Map(vec![(Val::U8(1), Val::U8(1))]),
            "key of entry 0: expected string, found u8",
        ),
        (
            map,
            Val::Map(vec![(Val::String("a".into()), Val::U16(1))]),
            "value of entry 0: expected u8, found u16",
        ),
        (
            result,
            Val::Result(Ok(None)),
            "case `ok`: expected u8, found no payload",
        ),
        (
            record,
            Val::Record(vec![("q".into(), Val::U8(1))]),
            "expected field `p`, found field `q`",
        ),
        (own, borrowed, "expected own, found borrow"),
    ];
    for (ty, value, message) in cases {
        assert_eq!(said(&types, ty, &value).as_deref(), Some(message), "{value:?}");
    }
    Ok(())
}

#[test]
fn nan_equals_nan_and_zeros_differ() {
    assert_eq!(Val::Float32(f32::NAN), Val::Float32(-f32::NAN));
    assert_ne!(Val::Float64(0.0), Val::Float64(-0.0));
    assert_ne!(Val::U8(0), Val::S8(0));
    assert_eq!(
        Val::Flags(vec!["a".into(), "b".into()]),
        Val::Flags(vec!["b".into(), "a".into()])
    );
}
