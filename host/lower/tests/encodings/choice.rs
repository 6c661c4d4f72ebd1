//! Sections that can be decoded in both encodings, and how weft chooses one.

use crate::passes::encode;
use crate::random::Random;
use crate::{
    CANONICAL, COMPONENT, HEADER, PREAMBLE, assert_encodings, assert_refused, canonical, component, leb128, preamble,
    section,
};
use weft_lower::CanonicalEncoding::{Specification, WasmTools};

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
            assert_eq!(encode(&wasm_tools, WasmTools).unwrap(), wasm_tools);
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
            "has no `shared` byte",
            "`thread.spawn-ref`",
            "an earlier section has one:",
            "SPAWN-REF-01",
        ],
    );
    assert_refused(
        &[without, with],
        &[
            "has a `shared` byte",
            "`thread.spawn-indirect`",
            "an earlier section has none",
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
    assert_eq!(encode(&either, Specification).unwrap(), either);
    assert_eq!(
        encode(&either, WasmTools).unwrap(),
        component(&[canonical(&[2, 0x40, 2, 0x26])])
    );
    // In the specification's reading, an unshared start type is marked as shared.
    let either = component(&[canonical(&[2, 0x40, 1, 2, 0x26])]);
    assert_eq!(encode(&either, WasmTools).unwrap(), either);
}

/// Both readings of `41 01 03 02 26` work, with start types in both: but there is no resource type 38.
#[test]
fn validity_decides() {
    let either = component(&[canonical(&[2, 0x41, 1, 3, 2, 0x26])]);
    assert_eq!(encode(&either, Specification).unwrap(), either);
    assert_eq!(
        encode(&either, WasmTools).unwrap(),
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
    assert_eq!(encode(&either, WasmTools).unwrap(), either);
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
    let specification = encode(&wasm_tools, Specification).unwrap();
    let section = [CANONICAL, 7, 2, 0x40, 1, 3, 0x40, 0, 2];
    let found = specification.windows(section.len()).any(|bytes| bytes == section);
    assert!(found, "{specification:x?}");
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
