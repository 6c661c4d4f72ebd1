//! Compares sizes, alignments, flattened forms and core signatures with those in the specification.

use weft_abi::AddressWidth::{W32, W64};
use weft_abi::types::{Direction, FlatType, Types, Unsupported};
use weft_abi::{TypeError, ValType};

type Outcome = Result<(), TypeError>;

fn names(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("n{index}")).collect()
}

/// Size and alignment for both widths.
fn form(types: &Types, ty: ValType) -> [u32; 4] {
    let layout = types.layout(ty);
    [layout.size(W32), layout.align(W32), layout.size(W64), layout.align(W64)]
}

fn flat(types: &Types, ty: ValType) -> Option<Vec<FlatType>> {
    types.layout(ty).flat(W32).map(|flat| flat.to_vec())
}

#[test]
fn sizes_and_alignments() -> Outcome {
    let mut types = Types::new();
    let mixed = types.add_record(vec![
        ("a".into(), ValType::U8),
        ("b".into(), ValType::String),
        ("c".into(), ValType::U16),
    ])?;
    assert_eq!(form(&types, mixed), [16, 4, 32, 8]);
    let option = types.add_option(ValType::U64)?;
    assert_eq!(form(&types, option), [16, 8, 16, 8]);
    let result = types.add_result(None, None)?;
    assert_eq!(form(&types, result), [1, 1, 1, 1]);
    let list = types.add_fixed_length_list(mixed, 3)?;
    assert_eq!(form(&types, list), [48, 4, 96, 8]);
    for (count, size) in [(1, 1), (8, 1), (9, 2), (16, 2), (17, 4), (32, 4)] {
        let flags = types.add_flags(names(count))?;
        assert_eq!(form(&types, flags), [size; 4], "{count} flags");
    }
    for (count, size) in [(1, 1), (256, 1), (257, 2), (65_536, 2), (65_537, 4)] {
        let cases = types.add_enum(names(count))?;
        assert_eq!(form(&types, cases), [size; 4], "{count} cases");
    }
    Ok(())
}

#[test]
fn variants_join_the_flat_types_of_their_cases() -> Outcome {
    use FlatType::{F32, F64, I32, I64};
    let mut types = Types::new();
    let cases = [
        (ValType::Float32, ValType::U32, I32),
        (ValType::Float32, ValType::Float32, F32),
        (ValType::Float64, ValType::Float64, F64),
        (ValType::Float64, ValType::Float32, I64),
        (ValType::Float64, ValType::U8, I64),
        (ValType::U64, ValType::Float32, I64),
    ];
    for (a, b, joined) in cases {
        let variant = types.add_variant(vec![("a".into(), Some(a)), ("b".into(), Some(b)), ("c".into(), None)])?;
        assert_eq!(flat(&types, variant), Some(vec![I32, joined]), "{a:?} {b:?}");
    }
    let longer = types.add_result(Some(ValType::String), Some(ValType::Float64))?;
    assert_eq!(flat(&types, longer), Some(vec![I32, I64, I32]));
    Ok(())
}

#[test]
fn parameters_and_results_spill() -> Outcome {
    let mut types = Types::new();
    let params = |count: usize| names(count).into_iter().map(|name| (name, ValType::U32)).collect();
    let fits = types.add_func(params(16), Some(ValType::U64))?;
    let spills = types.add_func(params(17), Some(ValType::String))?;
    let mixed = types.add_func(params(16), Some(ValType::String))?;

    let signature = types[fits].core_signature(W32, Direction::Lift);
    assert_eq!((signature.params.len(), signature.result), (16, Some(FlatType::I64)));
    assert_eq!(types[fits].core_signature(W32, Direction::Lower), signature);

    let signature = types[spills].core_signature(W64, Direction::Lift);
    assert_eq!(
        (&*signature.params, signature.result),
        (&[FlatType::I64][..], Some(FlatType::I64))
    );
    let signature = types[spills].core_signature(W32, Direction::Lower);
    assert_eq!((&*signature.params, signature.result), (&[FlatType::I32; 2][..], None));

    let signature = types[mixed].core_signature(W32, Direction::Lower);
    assert_eq!((signature.params.len(), signature.result), (17, None));
    Ok(())
}

#[test]
fn types_that_cannot_be() -> Outcome {
    let mut types = Types::new();
    assert_eq!(types.add_flags(names(33)), Err(TypeError::TooManyFlags(33)));
    assert_eq!(types.add_record(vec![]), Err(TypeError::Empty("record")));
    assert_eq!(types.add_enum(vec![]), Err(TypeError::Empty("enum")));
    let twice = vec!["a".to_owned(), "b".to_owned(), "a".to_owned()];
    assert_eq!(types.add_flags(twice), Err(TypeError::Duplicate("a".into())));
    assert_eq!(
        types.add_fixed_length_list(ValType::U64, 1 << 29),
        Err(TypeError::TooLarge)
    );

    let mut nested = ValType::U8;
    let error = loop {
        match types.add_option(nested) {
            Ok(deeper) => nested = deeper,
            Err(error) => break error,
        }
    };
    assert_eq!(error, TypeError::TooDeep);
    Ok(())
}

/// Of a type that doubles its size with each level, the message stays short.
#[test]
fn messages_about_types_stay_short() -> Outcome {
    let mut types = Types::new();
    let mut ty = ValType::U8;
    for _ in 0..60 {
        ty = types.add_result(Some(ty), Some(ty))?;
    }
    let shown = types.display(ty).to_string();
    assert!(shown.len() < 300, "{shown}");
    let list = types.add_list(ValType::U8)?;
    assert_eq!(types.display(list).to_string(), "list<u8>");
    Ok(())
}

#[test]
fn an_unsupported_type_is_found_wherever_it_is() -> Outcome {
    let mut types = Types::new();
    let stream = ValType::Unsupported(Unsupported::Stream);
    let option = types.add_option(stream)?;
    let list = types.add_list(option)?;
    let map = types.add_map(ValType::U8, list)?;
    let func = types.add_func(vec![("x".into(), map)], None)?;
    assert_eq!(types[func].unsupported(), Some(Unsupported::Stream));
    Ok(())
}
