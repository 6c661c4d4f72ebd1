//! Lowering, rule by rule: stored bytes, calls of `realloc`, and traps.

use crate::random::boxed;
use crate::support::{FILL, Guest, Table};
use weft_abi::types::Types;
use weft_abi::{AddressWidth, Lowering, Options, ReallocCall, Step, StringEncoding, Trap, TypeError, Val, ValType};

type Outcome = Result<(), TypeError>;

const fn options(width: AddressWidth, encoding: StringEncoding) -> Options {
    Options { width, encoding }
}

const W32: Options = options(AddressWidth::W32, StringEncoding::Utf8);

/// Lowers an argument, and gives the guest and the core values.
fn lower(types: &mut Types, options: Options, ty: ValType, value: Val) -> Result<(Guest, Vec<u64>), TypeError> {
    let func = types.add_func(vec![("a".into(), ty)], None)?;
    let mut guest = Guest::new();
    let flat = guest.lower(types, options, &types[func], &[value]);
    assert!(flat.is_ok(), "{flat:?}");
    Ok((guest, flat.unwrap_or_default()))
}

fn calls(guest: &Guest) -> Vec<[u64; 4]> {
    let plain = |call: &ReallocCall| [call.old_pointer, call.old_size, call.alignment.into(), call.new_size];
    guest.calls.iter().map(plain).collect()
}

#[test]
fn core_values_of_numbers() -> Outcome {
    let types = &mut Types::new();
    let variant = types.add_result(Some(ValType::S8), Some(ValType::U64))?;
    let record = types.add_record(vec![("a".into(), ValType::Bool), ("b".into(), ValType::Float64)])?;
    let cases = [
        (ValType::S8, Val::S8(-1), vec![0xffff_ffff]),
        (ValType::S32, Val::S32(-2), vec![0xffff_fffe]),
        (ValType::S64, Val::S64(-1), vec![u64::MAX]),
        (ValType::Float32, Val::Float32(-f32::NAN), vec![0x7fc0_0000]),
        (ValType::Char, Val::Char('€'), vec![0x20ac]),
        // A signed payload is no longer than 32 bits in a wider core value.
        (variant, Val::Result(Ok(boxed(Val::S8(-1)))), vec![0, 0xffff_ffff]),
        (variant, Val::Result(Err(boxed(Val::U64(u64::MAX)))), vec![1, u64::MAX]),
        (
            record,
            Val::Record(vec![("a".into(), Val::Bool(true)), ("b".into(), Val::Float64(1.0))]),
            vec![1, 1_f64.to_bits()],
        ),
    ];
    for (ty, value, flat) in cases {
        let (guest, lowered) = lower(types, W32, ty, value.clone())?;
        assert_eq!(lowered, flat, "{value:?}");
        assert!(guest.calls.is_empty());
    }
    Ok(())
}

#[test]
fn core_values_that_a_case_does_not_use_are_zero() -> Outcome {
    let types = &mut Types::new();
    let variant = types.add_variant(vec![("none".into(), None), ("text".into(), Some(ValType::String))])?;
    let pair = types.add_tuple(vec![variant, ValType::U8])?;
    let none = Val::Variant("none".into(), None);
    let (_, flat) = lower(types, W32, pair, Val::Tuple(vec![none, Val::U8(7)]))?;
    assert_eq!(flat, [0, 0, 0, 7]);
    Ok(())
}

/// The guesses of the specification, and how they are corrected.
#[test]
fn realloc_calls_for_strings() -> Outcome {
    use StringEncoding::{Latin1OrUtf16, Utf8, Utf16};
    let types = &mut Types::new();
    let tag = 1 << 31;
    type Calls<'a> = &'a [[u64; 4]];
    let cases: [(StringEncoding, &str, Calls<'_>, u64, &[u8]); 9] = [
        (Utf8, "aé€", &[[0, 0, 1, 6]], 6, "aé€".as_bytes()),
        (Utf8, "", &[[0, 0, 1, 0]], 0, b""),
        (Utf16, "ab", &[[0, 0, 2, 4]], 2, b"a\0b\0"),
        (Utf16, "é", &[[0, 0, 2, 4], [16, 4, 2, 2]], 1, b"\xe9\0"),
        (Utf16, "", &[[0, 0, 2, 0]], 0, b""),
        (Latin1OrUtf16, "ab", &[[0, 0, 2, 2]], 2, b"ab"),
        (Latin1OrUtf16, "aé", &[[0, 0, 2, 3], [16, 3, 2, 2]], 2, b"a\xe9"),
        (
            Latin1OrUtf16,
            "é€",
            &[[0, 0, 2, 5], [16, 5, 2, 10], [22, 10, 2, 4]],
            2 | tag,
            b"\xe9\0\xac\x20",
        ),
        (
            Latin1OrUtf16,
            "\u{1f600}",
            &[[0, 0, 2, 4], [16, 4, 2, 8], [20, 8, 2, 4]],
            2 | tag,
            b"\x3d\xd8\x00\xde",
        ),
    ];
    for (encoding, text, expected, length, bytes) in cases {
        let (guest, flat) = lower(
            types,
            options(AddressWidth::W32, encoding),
            ValType::String,
            Val::String(text.into()),
        )?;
        assert_eq!(calls(&guest), expected, "{encoding:?} {text}");
        assert_eq!(flat[1], length, "{encoding:?} {text}");
        assert_eq!(
            &guest.memory[flat[0] as usize..][..bytes.len()],
            bytes,
            "{encoding:?} {text}"
        );
    }
    Ok(())
}

/// Bytes between the parts of a value, and payloads that a case does not use, stay what they were.
#[test]
fn padding_is_not_written() -> Outcome {
    let types = &mut Types::new();
    let record = types.add_record(vec![("a".into(), ValType::U8), ("b".into(), ValType::U16)])?;
    let option = types.add_option(record)?;
    let list = types.add_list(option)?;
    let some = Val::Record(vec![("a".into(), Val::U8(1)), ("b".into(), Val::U16(2))]);
    let values = vec![Val::Option(boxed(some)), Val::Option(None)];
    let (guest, flat) = lower(types, W32, list, Val::List(values))?;
    assert_eq!(flat, [16, 2]);
    let expected = [1, FILL, 1, FILL, 2, 0, 0, FILL, FILL, FILL, FILL, FILL];
    assert_eq!(guest.memory[16..], expected);
    Ok(())
}

/// The calls come depth first, and the pair is stored after what it leads to.
#[test]
fn realloc_calls_for_nested_lists() -> Outcome {
    let types = &mut Types::new();
    let entry = types.add_map(ValType::String, ValType::U16)?;
    let list = types.add_list(entry)?;
    let map = |text: &str| Val::Map(vec![(Val::String(text.into()), Val::U16(9))]);
    for (width, pair, align) in [(AddressWidth::W32, 8, 4), (AddressWidth::W64, 16, 8)] {
        let (guest, flat) = lower(
            types,
            options(width, StringEncoding::Utf8),
            list,
            Val::List(vec![map("x"), map("yz")]),
        )?;
        let entry = (pair + 2_u64).next_multiple_of(align);
        let expected = [
            [0, 0, align, 2 * pair],
            [0, 0, align, entry],
            [0, 0, 1, 1],
            [0, 0, align, entry],
            [0, 0, 1, 2],
        ];
        assert_eq!(calls(&guest), expected);
        assert_eq!(flat, [16, 2]);
    }
    Ok(())
}

#[test]
fn long_lists_are_stored_whole() -> Outcome {
    let types = &mut Types::new();
    let numbers = types.add_list(ValType::U32)?;
    let pair = types.add_tuple(vec![ValType::U16, ValType::Bool, ValType::U8])?;
    let pairs = types.add_list(pair)?;
    let count = 50_000_u32;
    let (guest, flat) = lower(types, W32, numbers, Val::List((0..count).map(Val::U32).collect()))?;
    let stored = guest.memory[flat[0] as usize..]
        .as_chunks()
        .0
        .iter()
        .copied()
        .map(u32::from_le_bytes);
    assert!(stored.eq(0..count));

    let value = |n: u32| Val::Tuple(vec![Val::U16(n as u16), Val::Bool(n % 2 == 1), Val::U8(n as u8)]);
    let (guest, flat) = lower(types, W32, pairs, Val::List((0..count).map(value).collect()))?;
    let stored = guest.memory[flat[0] as usize..].as_chunks::<4>().0;
    assert_eq!(stored.len(), count as usize);
    for (n, bytes) in (0..count).zip(stored) {
        assert_eq!(*bytes, [n as u8, (n >> 8) as u8, (n % 2) as u8, n as u8]);
    }
    Ok(())
}

/// What `realloc` returns is checked against the memory as it is then.
#[test]
fn realloc_results_that_trap() -> Outcome {
    let mut types = Types::new();
    let list = types.add_list(ValType::U64)?;
    let func = types.add_func(vec![("a".into(), list)], None)?;
    let text = types.add_func(vec![("a".into(), ValType::String)], None)?;
    let cases = [
        (8, 8, "realloc return: result not aligned to 8: the pointer is 0x4", 4),
        (8, 24, "realloc return: beyond end of memory: 8 bytes at 0x18", 24),
        (8, 32, "done", 24),
        // Only 32 bits of a pointer count in a 32-bit memory.
        (8, 16, "done", 0x1_0000_0000),
    ];
    for (before, after, expected, pointer) in cases {
        let arguments = [Val::List(vec![Val::U64(5)])];
        let outcome = Lowering::params(&types, W32, &types[func], &arguments).and_then(|mut lowering| {
            let mut handles = Table::default();
            let first = lowering.step(&mut vec![0; before][..], &mut handles)?;
            assert!(matches!(first, Step::Realloc(_)));
            lowering.allocated(pointer);
            lowering.step(&mut vec![0; after][..], &mut handles)
        });
        let outcome = outcome.map_or_else(|error| error.to_string(), |_| "done".into());
        assert!(outcome.starts_with(expected), "{outcome}");
    }
    // The second result too, with which the guess is corrected.
    let utf16 = options(AddressWidth::W32, StringEncoding::Utf16);
    let arguments = [Val::String("é".into())];
    let outcome = Lowering::params(&types, utf16, &types[text], &arguments).and_then(|mut lowering| {
        let (mut memory, mut handles) = (vec![0; 8], Table::default());
        for pointer in [2, 3] {
            lowering.step(&mut memory[..], &mut handles)?;
            lowering.allocated(pointer);
        }
        lowering.step(&mut memory[..], &mut handles)
    });
    assert!(
        matches!(outcome, Err(Trap::Misaligned { pointer: 3, .. })),
        "{outcome:?}"
    );
    Ok(())
}

/// A step without the pointer asks for the same again.
#[test]
fn a_call_that_is_not_answered_is_asked_for_again() -> Outcome {
    let mut types = Types::new();
    let func = types.add_func(vec![("a".into(), ValType::String)], None)?;
    let arguments = [Val::String("x".into())];
    let steps = Lowering::params(&types, W32, &types[func], &arguments).and_then(|mut lowering| {
        let handles = &mut Table::default();
        Ok([
            lowering.step(&mut [][..], handles)?,
            lowering.step(&mut [][..], handles)?,
        ])
    });
    assert!(matches!(steps, Ok([Step::Realloc(first), Step::Realloc(second)]) if first == second));
    Ok(())
}

#[test]
fn the_place_of_a_result_is_checked() -> Outcome {
    let mut types = Types::new();
    let func = types.add_func(vec![("a".into(), ValType::U8)], Some(ValType::String))?;
    let value = Val::String("x".into());
    let memory = [0; 16];
    for (pointer, message) in [(2, "pointer not aligned to 4"), (12, "pointer out of bounds of memory")] {
        let lowering = Lowering::result(&types, W32, &types[func], Some(&value), &[0, pointer], &memory[..]);
        let error = lowering.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.starts_with(message), "{error}");
    }
    let missing = Lowering::result(&types, W32, &types[func], None, &[0, 0], &memory[..]).err();
    assert!(matches!(missing, Some(Trap::Mismatch(_))));
    Ok(())
}
