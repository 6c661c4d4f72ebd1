//! Lifting, rule by rule: results and traps.

use crate::random::boxed;
use crate::support::{Table, lift, lifter};
use weft_abi::types::Types;
use weft_abi::{AddressWidth, Budget, Options, StringEncoding, Trap, TypeError, Val, ValType};

type Outcome = Result<(), TypeError>;

const W32: Options = Options {
    width: AddressWidth::W32,
    encoding: StringEncoding::Utf8,
};

fn with(encoding: StringEncoding) -> Options {
    Options { encoding, ..W32 }
}

/// The argument that a call passes in these core values.
fn lifted(types: &mut Types, options: Options, ty: ValType, flat: &[u64], memory: &[u8]) -> Result<Val, String> {
    let func = types
        .add_func(vec![("a".into(), ty)], None)
        .map_err(|error| error.to_string())?;
    let values = lift(types, options, &types[func], flat, memory, &mut Table::default());
    match values.map_err(|error| error.to_string())?.pop() {
        Some(value) => Ok(value),
        None => Err("nothing".into()),
    }
}

#[test]
fn core_values_are_cut_to_the_types_width() {
    let types = &mut Types::new();
    let cases = [
        (ValType::S8, 0x1ff, Val::S8(-1)),
        (ValType::U8, 0x1fe, Val::U8(0xfe)),
        (ValType::S16, 0xffff_8000, Val::S16(i16::MIN)),
        (ValType::U16, 0xffff_ffff, Val::U16(0xffff)),
        (ValType::U32, 0x1_0000_0001, Val::U32(1)),
        (ValType::Bool, 2, Val::Bool(true)),
        (ValType::Bool, 0x1_0000_0000, Val::Bool(false)),
        (ValType::Char, 0x10_ffff, Val::Char('\u{10ffff}')),
        (ValType::Float32, 0x7fc0_0001, Val::Float32(f32::NAN)),
    ];
    for (ty, flat, value) in cases {
        assert_eq!(lifted(types, W32, ty, &[flat], &[]), Ok(value), "{ty:?} {flat:#x}");
    }
}

#[test]
fn nans_are_canonical() -> Outcome {
    let types = &mut Types::new();
    let Ok(Val::Float32(value)) = lifted(types, W32, ValType::Float32, &[0xffff_ffff], &[]) else {
        panic!("a number is lifted");
    };
    assert_eq!(value.to_bits(), 0x7fc0_0000);
    let list = types.add_list(ValType::Float64)?;
    let Ok(Val::List(values)) = lifted(types, W32, list, &[0, 1], &[0xff; 8]) else {
        panic!("a list is lifted");
    };
    assert!(matches!(values[..], [Val::Float64(value)] if value.to_bits() == 0x7ff8_0000_0000_0000));
    Ok(())
}

/// A variant passes its payload in a wider core value, and other bits of flags mean nothing.
#[test]
fn payloads_are_taken_out_of_wider_core_values() -> Outcome {
    let types = &mut Types::new();
    let variant = types.add_variant(vec![
        ("f".into(), Some(ValType::Float32)),
        ("n".into(), Some(ValType::S64)),
        ("b".into(), Some(ValType::Bool)),
    ])?;
    let high = 0xdead_beef_0000_0000;
    let one = high | u64::from(1_f32.to_bits());
    let cases = [
        (0, one, Val::Variant("f".into(), boxed(Val::Float32(1.0)))),
        (1, u64::MAX, Val::Variant("n".into(), boxed(Val::S64(-1)))),
        (2, high, Val::Variant("b".into(), boxed(Val::Bool(false)))),
    ];
    for (case, flat, value) in cases {
        assert_eq!(lifted(types, W32, variant, &[case, flat], &[]), Ok(value));
    }
    let flags = types.add_flags(vec!["a".into(), "b".into()])?;
    assert_eq!(
        lifted(types, W32, flags, &[0xfffe], &[]),
        Ok(Val::Flags(vec!["b".into()]))
    );
    Ok(())
}

#[test]
fn characters_and_discriminants_that_are_none_trap() -> Outcome {
    let types = &mut Types::new();
    let variant = types.add_variant(vec![("a".into(), None), ("b".into(), None), ("c".into(), None)])?;
    let cases = types.add_enum(vec!["a".into()])?;
    let option = types.add_option(ValType::U8)?;
    let result = types.add_result(None, None)?;
    let expected = [
        (
            ValType::Char,
            0xd800,
            "converted integer out of range for `char`: 0xd800 is not a character",
        ),
        (
            ValType::Char,
            0x11_0000,
            "converted integer out of range for `char`: 0x110000 is not a character",
        ),
        (
            variant,
            3,
            "invalid variant discriminant: discriminant 3 out of range [0..3)",
        ),
        (
            cases,
            1,
            "invalid enum discriminant: discriminant 1 out of range [0..1)",
        ),
        (option, 2, "invalid option discriminant: discriminant 2 "),
        (
            result,
            0xffff_ffff,
            "invalid expected discriminant: discriminant 4294967295 ",
        ),
    ];
    for (ty, flat, message) in expected {
        let flat_error = lifted(types, W32, ty, &[flat, 0], &[]).err().unwrap_or_default();
        assert!(flat_error.starts_with(message), "{flat_error}");
        // And in memory.
        let list = types.add_list(ty)?;
        let bytes = (flat as u32).to_le_bytes();
        let error = lifted(types, W32, list, &[0, 1], &bytes).err().unwrap_or_default();
        let beginning = message.split(':').next().unwrap_or_default();
        assert!(error.starts_with(beginning), "{error}");
    }
    Ok(())
}

#[test]
fn strings_in_all_encodings() {
    use StringEncoding::{Latin1OrUtf16, Utf8, Utf16};
    let types = &mut Types::new();
    let tag = 1 << 31;
    let cases: [(StringEncoding, u64, &[u8], &str); 6] = [
        (Utf8, 3, "aé".as_bytes(), "aé"),
        (Utf16, 2, b"a\0\xe9\0", "aé"),
        (Utf16, 2, b"\x3d\xd8\x00\xde", "\u{1f600}"),
        (Latin1OrUtf16, 2, b"a\xe9", "aé"),
        (Latin1OrUtf16, 2 | tag, b"a\0\xac\x20", "a€"),
        (Utf8, 0, b"", ""),
    ];
    for (encoding, length, bytes, text) in cases {
        let value = lifted(types, with(encoding), ValType::String, &[0, length], bytes);
        assert_eq!(value, Ok(Val::String(text.into())), "{encoding:?}");
    }
    // The tag is the highest bit of a 64-bit length, too.
    let wide = Options {
        width: AddressWidth::W64,
        encoding: Latin1OrUtf16,
    };
    let value = lifted(types, wide, ValType::String, &[0, 1 | 1 << 63], b"\xac\x20");
    assert_eq!(value, Ok(Val::String("€".into())));
}

/// The conditions come in the specification's order: length, alignment, bounds, encoding.
#[test]
fn strings_that_trap() {
    use StringEncoding::{Latin1OrUtf16, Utf8, Utf16};
    let types = &mut Types::new();
    let too_long = "string too long: ";
    let cases: [(StringEncoding, u64, u64, &[u8], &str); 13] = [
        (Utf8, 0, 1 << 28, b"", too_long),
        (Utf16, 1, 1 << 27, b"", too_long),
        (Latin1OrUtf16, 1, 1 << 28, b"", too_long),
        (Latin1OrUtf16, 1, 1 << 27 | 1 << 31, b"", too_long),
        (Utf16, 1, 100, b"", "string pointer not aligned to 2"),
        (Latin1OrUtf16, 1, 100, b"", "string pointer not aligned to 2"),
        (Utf8, 1, 2, b"ab", "string pointer/length out of bounds of memory"),
        (
            Utf8,
            0xffff_ffff,
            1,
            b"ab",
            "string pointer/length out of bounds of memory",
        ),
        (Utf8, 3, 0, b"ab", "string pointer/length out of bounds of memory"),
        (Utf16, 0, 2, b"ab", "string pointer/length out of bounds of memory"),
        (
            Utf8,
            0,
            3,
            b"a\xff\xff",
            "invalid utf-8: the string at 0x0 is invalid from byte 1",
        ),
        (
            Utf16,
            0,
            2,
            b"a\0\x00\xd8",
            "unpaired surrogate found: the string at 0x0 is invalid from byte 2",
        ),
        (
            Latin1OrUtf16,
            0,
            1 | 1 << 31,
            b"\x00\xdc",
            "unpaired surrogate found: the string at 0x0 is invalid from byte 0",
        ),
    ];
    for (encoding, pointer, length, memory, message) in cases {
        let error = lifted(types, with(encoding), ValType::String, &[pointer, length], memory);
        let error = error.err().unwrap_or_default();
        assert!(
            error.starts_with(message),
            "{encoding:?} {pointer:#x} {length:#x}: {error}"
        );
    }
    // Zero bytes at the end of the memory are in it.
    let empty = lifted(types, W32, ValType::String, &[2, 0], b"ab");
    assert_eq!(empty, Ok(Val::String(String::new())));
}

#[test]
fn lists_that_trap() -> Outcome {
    let types = &mut Types::new();
    let list = types.add_list(ValType::U32)?;
    let map = types.add_map(ValType::U8, ValType::U32)?;
    let cases = [
        (list, 1, 1 << 26, "list too long: 268435456 bytes"),
        (list, 1, 1, "list pointer is not aligned to 4: the pointer is 0x1"),
        (
            list,
            4,
            2,
            "list pointer/length out of bounds of memory: 8 bytes at 0x4 of a memory of 8 bytes",
        ),
        (map, 1, 1 << 25, "map too long"),
        (map, 2, 1, "map pointer is not aligned to 4"),
        (map, 4, 1, "map pointer/length out of bounds of memory"),
    ];
    for (ty, pointer, length, message) in cases {
        let error = lifted(types, W32, ty, &[pointer, length], &[0; 8])
            .err()
            .unwrap_or_default();
        let error = error.replace("0x8 bytes", "8 bytes");
        assert!(error.starts_with(message), "{error}");
    }
    Ok(())
}

#[test]
fn values_that_the_guest_stores_are_checked() -> Outcome {
    let mut types = Types::new();
    let wide = types.add_fixed_length_list(ValType::U64, 17)?;
    let func = types.add_func(vec![("a".into(), wide)], Some(wide))?;
    let memory = [0; 144];
    let cases = [
        (8, None),
        (4, Some("pointer not aligned to 8: the pointer is 0x4")),
        (16, Some("pointer out of bounds of memory: 136 bytes at 0x10")),
    ];
    for (pointer, message) in cases {
        let mut handles = Table::default();
        let budget = &mut Budget::default();
        let mut lifter = lifter(&types, W32, &memory[..], &mut handles, budget);
        let outcomes = [
            lifter.params(&types[func], &[pointer]).err(),
            lifter.result(&types[func], &[pointer]).err(),
        ];
        for outcome in outcomes {
            let outcome = outcome.map(|error| error.to_string());
            match message {
                None => assert_eq!(outcome, None),
                Some(message) => assert!(
                    outcome.as_deref().is_some_and(|found| found.starts_with(message)),
                    "{outcome:?}"
                ),
            }
        }
        // The host's own mistake: core values are missing.
        assert_eq!(lifter.result(&types[func], &[]), Err(Trap::FlatValues));
    }
    Ok(())
}
