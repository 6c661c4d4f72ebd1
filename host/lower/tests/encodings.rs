//! The two binary encodings of the thread built-ins: each is told from the other, and turned into it.

mod random;

use random::Random;
use weft_lower::CanonicalEncoding::{Specification, WasmTools};
use weft_lower::{LowerError, respell};

const HEADER: &[u8] = b"\0asm\x0d\0\x01\0";
const CUSTOM: u8 = 0;
const COMPONENT: u8 = 4;
const CANONICAL: u8 = 8;

/// Core type 0 is no start type, 1 and 3 are shared ones, 2 is an unshared one. There are four shared tables.
const PREAMBLE: &str = r#"
    (core type (shared (func (param i32) (result i32))))
    (core type (shared (func (param i32))))
    (core type (func (param i32)))
    (core type (shared (func (param i32))))
    (core module $m (table (export "t") shared 1 (ref null (shared func))))
    (core instance $i (instantiate $m))
    (alias core export $i "t" (core table))
    (alias core export $i "t" (core table))
    (alias core export $i "t" (core table))
    (alias core export $i "t" (core table))"#;

fn preamble() -> Vec<u8> {
    let text = format!("(component {PREAMBLE})");
    weft_lower::to_binary(text.as_bytes()).unwrap().into_owned()
}

/// The component of [`PREAMBLE`] and these sections.
fn component(sections: &[Vec<u8>]) -> Vec<u8> {
    [preamble(), sections.concat()].concat()
}

fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    let mut bytes = vec![id];
    bytes.extend(leb128(contents.len()));
    bytes.extend(contents);
    bytes
}

fn canonical(contents: &[u8]) -> Vec<u8> {
    section(CANONICAL, contents)
}

fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// Asserts that these are the same component in the two encodings, and that each is taken for what it is.
#[track_caller]
fn assert_encodings(specification: &[u8], wasm_tools: &[u8]) {
    for input in [specification, wasm_tools] {
        assert_eq!(respell(input, WasmTools).unwrap(), wasm_tools, "of {input:x?}");
        assert_eq!(respell(input, Specification).unwrap(), specification, "of {input:x?}");
    }
}

/// Asserts that the canonical sections are refused with a message that has these parts.
#[track_caller]
fn assert_refused(sections: &[Vec<u8>], parts: &[&str]) {
    let component = component(sections);
    for message in [
        respell(&component, WasmTools).unwrap_err().to_string(),
        weft_lower::lower(&component).unwrap_err().to_string(),
    ] {
        for part in parts {
            assert!(message.contains(part), "`{part}` is not in `{message}`");
        }
    }
}

/// SPAWN-REF-01, SPAWN-IND-01, PAR-01: the byte stands directly behind the opcode.
#[test]
fn each_builtin_in_both_encodings() {
    let pairs: [(&[u8], &[u8]); 6] = [
        (&[1, 0x40, 1, 3], &[1, 0x40, 3]),
        (&[1, 0x40, 0, 2], &[1, 0x40, 2]),
        (&[1, 0x41, 1, 1, 2], &[1, 0x41, 1, 2]),
        (&[1, 0x41, 0, 2, 0], &[1, 0x41, 2, 0]),
        (&[1, 0x42, 1], &[1, 0x42]),
        (&[3, 0x42, 1, 0x26, 0x40, 1, 1], &[3, 0x42, 0x26, 0x40, 1]),
    ];
    for (specification, wasm_tools) in pairs {
        let [specification, wasm_tools] = [specification, wasm_tools].map(|contents| component(&[canonical(contents)]));
        assert_encodings(&specification, &wasm_tools);
    }
}

/// wasm-tools' encoding cannot say that a number of processors is for unshared functions.
#[test]
fn wasm_tools_drops_what_it_cannot_say() {
    let unshared = component(&[canonical(&[1, 0x42, 0])]);
    assert_eq!(respell(&unshared, Specification).unwrap(), unshared);
    assert_eq!(
        respell(&unshared, WasmTools).unwrap(),
        component(&[canonical(&[1, 0x42])])
    );
}

/// Where the mark is missing, who imports the definition says whether it is shared: a valid component stays valid.
#[test]
fn a_missing_mark_follows_from_the_uses() {
    let shared = "(type $t (shared (func (result i32))))";
    let unshared = "(type $t (func (result i32)))";
    let import = |ty: &str| {
        let shared = ty.contains("shared");
        format!(
            r#"(core module $m{shared} {ty} (import "" "p" (func (type $t))))
               (core instance (instantiate $m{shared} (with "" (instance (export "p" (func $p))))))"#
        )
    };
    let cases = [
        (import(unshared), 0),
        (import(shared), 1),
        (import(shared) + &import(unshared), 0),
        ("(func (result s32) (canon lift (core func $p)))".to_owned(), 0),
        (String::new(), 1),
        // The mark would say that some threads do not take turns.
        (
            "(core type $s (func (param i32))) (core func (canon thread.spawn-ref $s))".to_owned(),
            0,
        ),
        ("(core func (canon thread.yield))".to_owned(), 0),
    ];
    for (uses, mark) in cases {
        let text = format!("(component (core func $p (canon thread.available_parallelism)) {uses})");
        let wasm_tools = respell(text.as_bytes(), WasmTools).unwrap();
        let specification = respell(&wasm_tools, Specification).unwrap();
        let written = specification.windows(2).find(|bytes| bytes[0] == 0x42).unwrap();
        assert_eq!(written[1], mark, "{uses}");
        for component in [&wasm_tools, &specification] {
            weft_lower::validate(component, weft_lower::Rules::Extended).unwrap();
        }
        // To the letter, no mark is right where it is used as both.
        let [before, after] = [&wasm_tools, &specification]
            .map(|component| weft_lower::validate(component, weft_lower::Rules::Strict).is_ok());
        assert_eq!(before, after, "{uses}");
        let threads = [&wasm_tools, &specification].map(|component| weft_lower::threads(component).is_ok());
        assert_eq!(threads, [true; 2], "{uses}");
    }
}

/// Each definition with immediates of its own, before and behind a spawn.
#[test]
fn every_other_definition_is_passed_over() {
    let definitions: &[&[u8]] = &[
        &[0x00, 0x00, 5, 2, 0x03, 0, 0x04, 0x41, 0x80, 0x01],
        &[0x01, 0x00, 0x40, 7, 0x00, 0x01, 0x02, 0x06, 0x07, 1, 0x08, 2, 0x09],
        &[0x02, 0x40],
        &[0x03, 0x41],
        &[0x04, 0x42],
        &[0x05],
        &[0x06, 1],
        &[0x09, 0x00, 0x79, 1, 0x05, 0x40],
        &[0x09, 0x01, 0x00, 0],
        &[0x0a, 0x7f, 1],
        &[0x0b, 0x7e, 0],
        &[0x0c, 0],
        &[0x0c, 1],
        &[0x0d],
        &[0x0e, 0x40],
        &[0x0f, 0x40, 0],
        &[0x10, 0x41, 1, 0x03, 0x40],
        &[0x11, 0x42, 0],
        &[0x12, 0x42, 1],
        &[0x13, 0x40],
        &[0x14, 0x40],
        &[0x15, 0x40],
        &[0x16, 0x40, 0],
        &[0x17, 0x40, 0],
        &[0x18, 0x40, 1],
        &[0x19, 0x40, 0],
        &[0x1a, 0x40],
        &[0x1b, 0x40],
        &[0x1c, 1, 0x03, 0x40],
        &[0x1d, 0],
        &[0x1e],
        &[0x1f],
        &[0x20, 1, 0x40],
        &[0x21, 0, 0x40],
        &[0x22],
        &[0x23],
        &[0x24],
        &[0x25],
        &[0x26],
        &[0x27, 0x40, 0x41],
        &[0x28],
        &[0x29, 1],
        &[0x2a, 0],
        &[0x2a, 1],
        &[0x2b, 1],
        &[0x2c, 1],
        &[0x2d, 1],
    ];
    for definition in definitions {
        let list = |spawn: &[u8]| component(&[canonical(&[&[3], spawn, definition, spawn].concat())]);
        assert_encodings(&list(&[0x41, 1, 1, 2]), &list(&[0x41, 1, 2]));
    }
}

/// VER-01: the version of the specification that weft follows has `cancellable`.
#[test]
fn cancellable_is_zero_or_one() {
    for opcode in [0x0c, 0x29, 0x2a, 0x2b, 0x2c, 0x2d] {
        for cancellable in [0, 1] {
            let component = component(&[canonical(&[1, opcode, cancellable])]);
            assert_eq!(respell(&component, Specification).unwrap(), component);
        }
        assert_refused(&[canonical(&[1, opcode, 2])], &["invalid boolean value"]);
    }
}

/// VER-02: that version does not have these built-ins.
#[test]
fn newer_builtins_are_refused_by_name() {
    assert_refused(&[canonical(&[1, 0x2e, 0])], &["`stream.forward` is newer", "VER-02"]);
    assert_refused(&[canonical(&[1, 0x2f, 0])], &["`future.forward` is newer", "VER-02"]);
}

#[test]
fn what_can_be_read_in_neither_encoding_is_refused() {
    // Not a boolean, and a byte too many.
    assert_refused(
        &[canonical(&[1, 0x40, 2, 1])],
        &["SPAWN-REF-01", "invalid boolean value", "unexpected data at the end"],
    );
    assert_refused(
        &[canonical(&[1, 0x41, 2, 1, 0])],
        &["SPAWN-IND-01", "`thread.spawn-indirect`"],
    );
    assert_refused(
        &[canonical(&[1, 0x42, 2])],
        &["PAR-01", "`thread.available-parallelism`"],
    );
    // Cut off: before the byte, behind it, in an index.
    assert_refused(&[canonical(&[1, 0x40])], &["SPAWN-REF-01", "unexpected end"]);
    assert_refused(&[canonical(&[1, 0x41, 1])], &["SPAWN-IND-01", "unexpected end"]);
    assert_refused(&[canonical(&[1, 0x41, 1, 0x81])], &["SPAWN-IND-01", "unexpected end"]);
    // More and fewer definitions than there are.
    assert_refused(&[canonical(&[2, 0x42])], &["PAR-01", "unexpected end"]);
    assert_refused(
        &[canonical(&[1, 0x42, 0x42, 0x42])],
        &["PAR-01", "unexpected data at the end"],
    );
    // Nothing that these built-ins have to do with.
    assert_refused(&[canonical(&[1, 0x3f])], &["invalid: ", "0x3f"]);
    assert_refused(&[canonical(&[])], &["invalid: ", "unexpected end"]);
    // The offset is that of the opcode.
    let offset = format!("{:#x}", component(&[]).len() + 3);
    assert_refused(&[canonical(&[1, 0x40, 2, 1])], &[&offset]);
}

/// SPAWN-REF-02, SPAWN-IND-02: a section that can be read both ways is read as the others are, wherever they stand.
#[test]
fn sections_disambiguate_each_other() {
    // As wasm-tools has it: a spawn at type 1, and a `resource.drop` of type 38.
    let either = canonical(&[2, 0x40, 1, 0x03, 0x26]);
    let either_without = canonical(&[2, 0x40, 0x03, 0x26]);
    let nested = |section: Vec<u8>| self::section(COMPONENT, &[HEADER, &section].concat());
    for wrap in [|section: Vec<u8>| section, nested] {
        let with = wrap(canonical(&[1, 0x42, 1]));
        let without = wrap(canonical(&[1, 0x42]));
        for reversed in [false, true] {
            let component = |mut sections: [Vec<u8>; 2]| {
                if reversed {
                    sections.reverse();
                }
                self::component(&sections)
            };
            assert_encodings(
                &component([either.clone(), with.clone()]),
                &component([either_without.clone(), without.clone()]),
            );
            let wasm_tools = component([either.clone(), without.clone()]);
            assert_eq!(respell(&wasm_tools, WasmTools).unwrap(), wasm_tools);
        }
    }
}

#[test]
fn sections_in_different_encodings_are_refused() {
    let with = canonical(&[1, 0x41, 1, 1, 0]);
    let without = canonical(&[1, 0x40, 1]);
    assert_refused(
        &[with.clone(), without.clone()],
        &[
            "has no byte for `shared`",
            "`thread.spawn-ref`",
            "an earlier one has:",
            "SPAWN-REF-01",
        ],
    );
    assert_refused(
        &[without, with],
        &[
            "has a byte for `shared`",
            "`thread.spawn-indirect`",
            "an earlier one has none",
            "SPAWN-IND-01",
        ],
    );
}

/// A later section that is malformed is not taken for one in the other encoding.
#[test]
fn malformed_goes_before_different() {
    let with = canonical(&[1, 0x41, 1, 1, 0]);
    assert_refused(&[with, canonical(&[1, 0x42, 5])], &["malformed", "PAR-01"]);
}

/// Both readings of `40 00 02 26` work.
#[test]
fn start_types_decide() {
    // Type 0 is no start type, so that the specification's reading is taken.
    let either = component(&[canonical(&[2, 0x40, 0, 2, 0x26])]);
    assert_eq!(respell(&either, Specification).unwrap(), either);
    assert_eq!(
        respell(&either, WasmTools).unwrap(),
        component(&[canonical(&[2, 0x40, 2, 0x26])])
    );
    // In the specification's reading, an unshared start type is marked as shared.
    let either = component(&[canonical(&[2, 0x40, 1, 2, 0x26])]);
    assert_eq!(respell(&either, WasmTools).unwrap(), either);
}

/// Both readings of `41 01 03 02 26` work, with start types in both: but there is no resource type 38.
#[test]
fn validity_decides() {
    let either = component(&[canonical(&[2, 0x41, 1, 3, 2, 0x26])]);
    assert_eq!(respell(&either, Specification).unwrap(), either);
    assert_eq!(
        respell(&either, WasmTools).unwrap(),
        component(&[canonical(&[2, 0x41, 3, 2, 0x26])])
    );
}

/// Where nothing decides, wasm-tools' encoding is assumed.
#[test]
fn what_stays_ambiguous_is_as_wasm_tools_has_it() {
    let resources = "(type (resource (rep i32)))".repeat(39);
    let text = format!("(component {PREAMBLE} {resources})");
    let preamble = weft_lower::to_binary(text.as_bytes()).unwrap().into_owned();
    let either = [preamble, canonical(&[2, 0x41, 1, 3, 2, 0x26])].concat();
    assert_eq!(respell(&either, WasmTools).unwrap(), either);
}

/// The size of a component around a section changes with the section's, which may take its number from one byte to two.
#[test]
fn sizes_of_enclosing_components_are_right() {
    let types = "(core type (shared (func (param i32))))".repeat(2);
    let types = weft_lower::to_binary(format!("(component {types})").as_bytes())
        .unwrap()
        .into_owned();
    for padding in 60..130 {
        let pair = [&[1, 0x40, 1, 1][..], &[1, 0x40, 1]].map(|contents| {
            let padding = section(CUSTOM, &[&[1, b'x'][..], &vec![0; padding]].concat());
            let inner = [types.clone(), canonical(contents), padding].concat();
            let outer = [HEADER.to_vec(), section(COMPONENT, &inner), section(COMPONENT, HEADER)].concat();
            component(&[section(COMPONENT, &outer)])
        });
        assert_encodings(&pair[0], &pair[1]);
    }
}

/// A start type may be an alias of the type of a component around.
#[test]
fn sharedness_is_known_through_aliases() {
    let text = r#"(component
        (core type $outer (shared (func (param i32))))
        (component
            (core type (func))
            (core type (module))
            (core type (func (param i32)))
            (alias outer 1 $outer (core type $start))
            (core func (canon thread.spawn-ref $start))
            (core func (canon thread.spawn-ref 2))))"#;
    let wasm_tools = weft_lower::to_binary(text.as_bytes()).unwrap();
    let specification = respell(&wasm_tools, Specification).unwrap();
    let section = [CANONICAL, 7, 2, 0x40, 1, 3, 0x40, 0, 2];
    let found = specification.windows(section.len()).any(|bytes| bytes == section);
    assert!(found, "{specification:x?}");
}

/// An access that reads and writes has its ordering once for wasm-tools, and twice for the specification; nothing else changes.
#[test]
fn orderings_are_doubled() {
    let text = r#"(component (core module
        (type $s (shared (struct (field (mut i32)))))
        (type $a (shared (array (mut i64))))
        (global $g (shared mut i32) (i32.const 0))
        (table $t shared 1 (ref null (shared any)))
        (func (param (ref null $s) (ref null $a))
            (drop (global.atomic.rmw.add acq_rel $g (global.atomic.get acq_rel $g)))
            (if (i32.const 0x28fe)
                (then (drop (global.atomic.rmw.xchg seq_cst $g (i32.const 1))))
                (else (drop (table.atomic.rmw.xchg acq_rel $t (i32.const 0) (ref.null (shared any))))))
            (drop (struct.atomic.rmw.or acq_rel $s 0 (local.get 0) (i32.const 1)))
            (drop (array.atomic.rmw.xor acq_rel $a (local.get 1) (i32.const 1) (i64.const 1)))
            (drop (v128.const i8x16 0xfe 0x51 1 0xfe 0x51 0x11 0 0 0 0 0 0 0 0 0 0)))))"#;
    let wasm_tools = weft_lower::to_binary(text.as_bytes()).unwrap().into_owned();
    let specification = respell(&wasm_tools, Specification).unwrap();
    assert_eq!(respell(&specification, WasmTools).unwrap(), wasm_tools);
    assert_eq!(respell(&specification, Specification).unwrap(), specification);
    let bytes = wasm_tools.iter().zip(&specification).enumerate();
    let changed: Vec<&[u8]> = bytes
        .filter(|(_, (one, other))| one != other)
        .map(|(position, _)| &specification[position - 2..=position])
        .collect();
    assert_eq!(
        changed,
        [
            [0xfe, 0x51, 0x11],
            [0xfe, 0x5a, 0x11],
            [0xfe, 0x63, 0x11],
            [0xfe, 0x6f, 0x11]
        ]
    );
    weft_lower::validate(&specification, weft_lower::Rules::Strict).unwrap();
}

#[test]
fn unknown_start_types_are_refused_where_they_matter() {
    let unknown = component(&[canonical(&[1, 0x40, 9])]);
    assert_eq!(respell(&unknown, WasmTools).unwrap(), unknown);
    let error = respell(&unknown, Specification).unwrap_err().to_string();
    assert!(error.contains("no core type 9"), "{error}");
}

#[test]
fn core_modules_are_refused() {
    let module = b"\0asm\x01\0\0\0";
    for encoding in [Specification, WasmTools] {
        assert!(matches!(respell(module, encoding), Err(LowerError::CoreModule)));
    }
}

/// What has no thread built-ins is not changed: a size may even be written in more bytes than it needs.
#[test]
fn other_components_are_not_changed() {
    let component = component(&[vec![CANONICAL, 0x82, 0x00, 1, 0x26], section(COMPONENT, HEADER)]);
    assert_encodings(&component, &component);
}

/// Both encodings of a component come out the same behind decoding.
#[test]
fn both_encodings_have_one_unshared_form() {
    let text = include_str!("cases/spawn-several.wat");
    let specification = respell(text.as_bytes(), Specification).unwrap();
    let wasm_tools = respell(text.as_bytes(), WasmTools).unwrap();
    assert_ne!(specification, wasm_tools);
    assert_eq!(
        weft_lower::unshare(&specification).unwrap(),
        weft_lower::unshare(&wasm_tools).unwrap()
    );
    assert!(weft_lower::lower(&specification).is_ok());
}

/// Lists of definitions, some in nested components, in both encodings.
#[test]
fn random_definitions_are_told_apart() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut spawns = 0;
    for _ in 0..3000 {
        // There are preemptive threads, so that the number of processors is for them.
        let (mut with, mut without) = (vec![canonical(&[1, 0x40, 1, 1])], vec![canonical(&[1, 0x40, 1])]);
        for _ in 0..=random.below(3) {
            let (mut section_with, mut section_without) = (Vec::new(), Vec::new());
            let count = random.below(6);
            for _ in 0..count {
                let (opcode, shared, rest) = definition(&mut random);
                spawns += usize::from(shared.is_some());
                section_with.extend([opcode].into_iter().chain(shared.map(u8::from)).chain(rest.clone()));
                section_without.extend([opcode].into_iter().chain(rest));
            }
            let nested = random.below(3) == 0;
            for (component, contents) in [(&mut with, section_with), (&mut without, section_without)] {
                let section = canonical(&[leb128(count), contents].concat());
                component.push(match nested {
                    true => self::section(COMPONENT, &[preamble(), section].concat()),
                    false => section,
                });
            }
        }
        assert_encodings(&component(&with), &component(&without));
    }
    assert!(spawns > 5000, "{spawns}");
}

/// A definition that is valid behind the preamble, as an opcode, the immediate if it has one, and the rest.
fn definition(random: &mut Random) -> (u8, Option<bool>, Vec<u8>) {
    let index = |random: &mut Random, index: u8| match random.below(8) {
        // The same in more bytes.
        0 => vec![index | 0x80, 0x80, 0x00],
        _ => vec![index],
    };
    let start = |random: &mut Random| {
        let ty = [1, 2, 3][random.below(3)];
        (ty != 2, index(random, ty))
    };
    match random.below(8) {
        0 => {
            let (shared, ty) = start(random);
            (0x40, Some(shared), ty)
        }
        1..=3 => {
            let (shared, ty) = start(random);
            let table = random.below(4) as u8;
            (0x41, Some(shared), [ty, index(random, table)].concat())
        }
        4 => (0x42, Some(true), Vec::new()),
        5 => (0x26, None, Vec::new()),
        6 => (0x0a, None, vec![0x7f, random.below(2) as u8]),
        _ => (0x0c, None, vec![random.below(2) as u8]),
    }
}
