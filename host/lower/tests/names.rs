//! Custom sections with errors. Core WebAssembly ignores them, so weft's behaviour does not depend on names.

mod inputs;
mod passes;
mod random;

use passes::{lower, unshare, unshare_module, validate};
use random::Random;
use std::ops::Range;
use weft_lower::{LowerError, Rules};

/// How many mutants there are of each input.
const MUTANTS: usize = 100;

#[test]
fn malformed_names_change_nothing() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut mutants, mut unreadable) = (0, 0);
    for (name, input) in inputs::inputs() {
        let sections = name_sections(&input);
        if sections.is_empty() || validate(&input, Rules::Extended).is_err() {
            continue;
        }
        let expected = PASSES.map(|pass| outcome(pass, &input));
        for mutant in 0..MUTANTS {
            let mut changed = input.clone();
            let section = &sections[random.below(sections.len())];
            mutate(&mut changed[section.clone()], &mut random);
            validate(&changed, Rules::Extended).unwrap();
            let found = PASSES.map(|pass| outcome(pass, &changed));
            assert!(
                expected == found,
                "mutant {mutant} of {name}, at {section:?}: {found:?}"
            );
            mutants += 1;
            unreadable += usize::from(!can_be_read(&changed));
        }
    }
    // Else the mutations are too gentle to test anything.
    assert!(unreadable > mutants / 4 && mutants > 1000, "{unreadable} of {mutants}");
}

type Pass = fn(&[u8]) -> Result<Vec<u8>, LowerError>;

const PASSES: [Pass; 3] = [|input| Ok(lower(input)?.wasm), unshare, unshare_module];

/// What a pass makes of it, but for names, or the message.
fn outcome(pass: Pass, input: &[u8]) -> Result<Vec<u8>, String> {
    match pass(input) {
        Ok(output) => Ok(without_names(&output)),
        Err(error) => Err(error.to_string()),
    }
}

/// What a binary consists of but for its custom sections, and for the sizes of what has them in it.
fn without_names(binary: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(binary) {
        match payload.unwrap() {
            wasmparser::Payload::CustomSection(_) => {}
            payload => {
                if let Some((id, range)) = payload.as_section()
                    && !is_nested(&payload)
                {
                    kept.push(id);
                    kept.extend(&binary[range]);
                }
            }
        }
    }
    kept
}

/// Whether it is a section whose contents come as payloads of their own.
fn is_nested(payload: &wasmparser::Payload<'_>) -> bool {
    use wasmparser::Payload::{ComponentSection, ModuleSection};
    matches!(payload, ComponentSection { .. } | ModuleSection { .. })
}

/// Where the contents of the name sections are, those of nested components and modules included.
fn name_sections(binary: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(binary) {
        if let wasmparser::Payload::CustomSection(section) = payload.unwrap()
            && matches!(section.name(), "name" | "component-name")
            && !section.data().is_empty()
        {
            found.push(section.data_offset()..section.data_offset() + section.data().len());
        }
    }
    found
}

/// Other names in as many bytes: some bytes are others, or all from one on, as if the names were cut there.
fn mutate(names: &mut [u8], random: &mut Random) {
    let position = random.below(names.len());
    match random.below(3) {
        0 => names[position] = random.below(256) as u8,
        1 => names[position..].fill([0, 0x80, 0xff][random.below(3)]),
        _ => {
            for _ in 0..4 {
                names[random.below(names.len())] ^= 1 << random.below(8);
            }
        }
    }
}

/// Whether wasmparser can read all names.
fn can_be_read(binary: &[u8]) -> bool {
    use wasmparser::{KnownCustom, Name};
    wasmparser::Parser::new(0).parse_all(binary).all(|payload| {
        let wasmparser::Payload::CustomSection(section) = payload.unwrap() else {
            return true;
        };
        match section.as_known() {
            KnownCustom::Name(mut names) => names.all(|name| match name {
                Ok(Name::Function(names)) => names.into_iter().all(|name| name.is_ok()),
                Ok(Name::Local(names)) => names.into_iter().all(|name| name.is_ok()),
                name => name.is_ok(),
            }),
            KnownCustom::ComponentName(mut names) => names.all(|name| name.is_ok()),
            _ => true,
        }
    })
}
