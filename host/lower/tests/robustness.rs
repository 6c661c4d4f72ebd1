//! Broken input: garbage, cut binaries, flipped bytes. Each must give an error or a plan, and no panic.

mod inputs;
mod passes;
mod random;

use inputs::{case, inputs};
use passes::{encode, inspect, lower, threads, unshare, unshare_for, unshare_module, validate};
use random::Random;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::catch_unwind;
use wasm_encoder::Encode;
use weft_lower::{CanonicalEncoding, Component, Input, LowerError, Profile, Rules};

/// How many mutants there are of each component.
const MUTANTS: u64 = 400;

/// What there is to do with an input.
type Pass = fn(&[u8]) -> Result<(), LowerError>;

/// The first three are those whose results count.
const PASSES: [Pass; 8] = [
    unshared_in_both_profiles,
    |input| lower(input).map(drop),
    |input| unshare_module(input).map(drop),
    |input| threads(input).map(drop),
    |input| encode(input, CanonicalEncoding::WasmTools).map(drop),
    |input| encode(input, CanonicalEncoding::Specification).map(drop),
    strict_allows_no_more,
    inspected_can_be_printed,
];

/// The profile makes no difference to what is refused.
fn unshared_in_both_profiles(input: &[u8]) -> Result<(), LowerError> {
    let unshared = unshare(input).map(drop);
    assert_eq!(unshared.is_ok(), unshare_for(input, Profile::Deterministic).is_ok());
    unshared
}

/// What the specification allows, weft allows.
fn strict_allows_no_more(input: &[u8]) -> Result<(), LowerError> {
    let extended = validate(input, Rules::Extended);
    assert!(extended.is_ok() || validate(input, Rules::Strict).is_err());
    extended
}

/// The report on it, as text and as data, and the text of it, as far as it can be printed, in the specification's spelling.
fn inspected_can_be_printed(input: &[u8]) -> Result<(), LowerError> {
    let report = inspect(input)?;
    assert!(!report.to_string().is_empty());
    let component = match Input::read(input)? {
        Input::Component(component) => component,
        Input::Module(_) => return Ok(()),
    };
    for encoding in [CanonicalEncoding::WasmTools, CanonicalEncoding::Specification] {
        match component.to_text(encoding) {
            // The printer is not ours.
            Ok(_) | Err(LowerError::Print(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

thread_local! {
    /// What the last panic of this thread said, and where.
    static LAST_PANIC: RefCell<(String, String)> = RefCell::default();
}

/// The panics that were seen: for each place in the source, the first message and the first input.
struct Panics(BTreeMap<String, String>);

impl Panics {
    fn new() -> Self {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            eprintln!("{panic}");
            LAST_PANIC.set((place, panic.to_string()));
        }));
        Panics(BTreeMap::new())
    }

    /// Everything that there is to do with one input, unless something panics: what comes of lowering a component, or of
    /// unsharing a core module.
    fn run(&mut self, input: &[u8], description: impl Fn() -> String) -> Option<Result<(), LowerError>> {
        let results = PASSES.map(|pass| catch_unwind(|| pass(input)));
        let results = results.into_iter().collect::<Result<Vec<_>, _>>();
        let Ok(mut results) = results else {
            let (place, message) = LAST_PANIC.take();
            let seen = self.0.entry(place);
            seen.or_insert_with(|| format!("{message}, for {}", description()));
            return None;
        };
        let is_bug = |result: &Result<(), LowerError>| matches!(result, Err(LowerError::Internal(_)));
        if let Some(bug) = results.iter().position(is_bug) {
            return Some(results.swap_remove(bug));
        }
        let mut results = results.into_iter();
        let mut next = || results.next().unwrap_or(Ok(()));
        let (unshared, lowered, module) = (next(), next(), next());
        match unshared.and(lowered) {
            Err(LowerError::CoreModule) => Some(module),
            result => Some(result),
        }
    }

    fn check(self) {
        assert!(self.0.is_empty(), "panics:\n{:#?}", self.0);
    }
}

#[test]
fn garbage_is_refused() {
    let inputs: [(&[u8], &str); 8] = [
        (b"", "the input is empty"),
        (b" \n", "the input is empty"),
        (b";; nothing\n", "the text format cannot be read"),
        (b"\xff\xfe\x00\x01", "not WebAssembly"),
        (b"\x7fELF\x02\x01\x01\x80", "not WebAssembly"),
        (b"\0asm", "unexpected end"),
        (b"\0asm\xff\xff\xff\xff", "unknown binary version"),
        (b"\0asm\x0d\0\x01\0\xff\xff\xff\xff", "invalid: "),
    ];
    for (input, expected) in inputs {
        let error = lower(input).unwrap_err().to_string();
        assert!(
            error.contains(expected),
            "{input:?}: expected `{expected}` in `{error}`"
        );
    }
}

#[test]
fn binary_core_module_is_refused() {
    let module = b"\0asm\x01\0\0\0";
    assert!(matches!(lower(module), Err(LowerError::CoreModule)));
    assert!(matches!(unshare(module), Err(LowerError::CoreModule)));
}

/// What a component has found out of itself for one question does not change the answer to another, nor does an error.
#[test]
fn a_component_answers_as_if_it_was_read_anew() {
    type Question = fn(&Component<'_>) -> Result<String, LowerError>;
    let questions: [Question; 7] = [
        |component| Ok(format!("{:?}", component.threads()?)),
        |component| component.unshare(Profile::Deterministic)?.to_text(),
        |component| Ok(component.lower()?.to_string()),
        |component| component.validate(Rules::Strict).map(|()| String::new()),
        |component| component.validate(Rules::Extended).map(|()| String::new()),
        |component| Ok(component.inspect()?.to_string()),
        |component| component.to_text(CanonicalEncoding::Specification),
    ];
    let answer = |question: Question, component: &Component<'_>| question(component).map_err(|error| error.to_string());
    let (mut answers, mut errors) = (0, 0);
    for (name, input) in inputs() {
        let Ok(component) = Component::read(&input) else {
            continue;
        };
        for question in questions.iter().chain(questions.iter().rev()) {
            let anew = Component::read(&input).expect("it was read before");
            let (kept, anew) = (answer(*question, &component), answer(*question, &anew));
            assert!(kept == anew, "{name}: {kept:?}, and {anew:?} when read anew");
            answers += usize::from(anew.is_ok());
            errors += usize::from(anew.is_err());
        }
    }
    assert!(answers > 500 && errors > 20, "{answers} answers, {errors} errors");
}

/// The passes read nested components by recursion, and a stack is finite.
#[test]
fn deep_nesting_is_refused() {
    let error = lower(&nested(50_000)).unwrap_err().to_string();
    assert!(error.contains("nesting components"), "{error}");
    assert!(lower(&nested(50)).is_ok());
}

/// A component in a component, and so on.
fn nested(depth: usize) -> Vec<u8> {
    const HEADER: &[u8] = b"\0asm\x0d\0\x01\0";
    const COMPONENT_SECTION: u8 = 4;
    // From the inside to the outside, each part backwards: what is written last comes first.
    let mut reversed: Vec<u8> = HEADER.iter().rev().copied().collect();
    for _ in 1..depth {
        let size = leb128(reversed.len());
        reversed.extend(size.iter().rev());
        reversed.push(COMPONENT_SECTION);
        reversed.extend(HEADER.iter().rev());
    }
    reversed.reverse();
    reversed
}

fn leb128(value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes);
    bytes
}

/// Sections that say that they have as many items as can be said.
#[test]
fn counts_beyond_the_input_do_not_panic() {
    let mut panics = Panics::new();
    let mut refused = 0;
    for (name, component) in inputs() {
        for position in section_starts(&component) {
            let Some(changed) = with_greatest_number(&component, position) else {
                continue;
            };
            match panics.run(&changed, || format!("{name}, count at {position:#x}")) {
                Some(Err(LowerError::Internal(message))) => panic!("{message}, for {name}, count at {position:#x}"),
                Some(Err(_)) => refused += 1,
                // A custom section begins with its name.
                Some(Ok(())) | None => {}
            }
        }
    }
    panics.check();
    assert!(refused > 1000, "{refused} refused");
}

/// Where the contents of each section begin, those of nested components and modules included.
fn section_starts(binary: &[u8]) -> Vec<usize> {
    let payloads = wasmparser::Parser::new(0).parse_all(binary);
    let sections = payloads.filter_map(|payload| payload.unwrap().as_section());
    sections.map(|(_, range)| range.start).collect()
}

/// The binary with the greatest number in place of the byte at `position`, and with sizes that fit: `None` if the byte is of
/// a header or a size.
fn with_greatest_number(binary: &[u8], position: usize) -> Option<Vec<u8>> {
    const HEADER: usize = 8;
    let mut next = HEADER;
    while next < binary.len() {
        let (id, mut reader) = (next, wasmparser::BinaryReader::new(binary.get(next + 1..)?, next + 1));
        let size = reader.read_var_u32().ok()? as usize;
        let start = reader.original_position();
        let contents = binary.get(start..start + size)?;
        next = start + size;
        if next <= position {
            continue;
        }
        let within = position.checked_sub(start)?;
        let contents = match contents.starts_with(b"\0asm") {
            true => with_greatest_number(contents, within)?,
            false => [&contents[..within], &leb128(u32::MAX as usize), &contents[within + 1..]].concat(),
        };
        return Some([&binary[..=id], &leb128(contents.len()), &contents, &binary[next..]].concat());
    }
    None
}

/// A prefix that ends with a section is a component, and smaller; every other one is an error.
#[test]
fn prefixes_do_not_panic() {
    let mut panics = Panics::new();
    for name in [
        "cases/spawn-one.wat",
        "cases/stock-spawn-renumbers.wat",
        "cases/data.wat",
    ] {
        let component = case(name);
        let ends = section_ends(&component);
        for length in 0..component.len() {
            let result = panics.run(&component[..length], || format!("the first {length} bytes of {name}"));
            if let Some(Ok(())) = result {
                assert!(
                    ends.contains(&length),
                    "the first {length} bytes of {name} are accepted"
                );
            }
        }
    }
    panics.check();
}

/// Where the component may end: behind its header and behind each of its sections.
fn section_ends(component: &[u8]) -> BTreeSet<usize> {
    let mut ends = BTreeSet::from([8]);
    let mut position = 8;
    while position < component.len() {
        position += 1;
        let mut size = 0;
        for shift in (0..).step_by(7) {
            let byte = component[position];
            position += 1;
            size |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        position += size;
        ends.insert(position);
    }
    ends
}

#[test]
fn mutants_do_not_panic() {
    let mut panics = Panics::new();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut accepted, mut refused) = (0, 0);
    for (name, component) in inputs() {
        for mutant in 0..MUTANTS {
            let mut bytes = component.clone();
            let changes = mutate(&mut bytes, &mut random);
            match panics.run(&bytes, || format!("{name}, mutant {mutant}: {changes}")) {
                Some(Ok(())) => accepted += 1,
                Some(Err(LowerError::Internal(message))) => {
                    panics
                        .0
                        .insert(format!("internal error: {message}"), format!("{name}: {changes}"));
                }
                Some(Err(_)) => refused += 1,
                None => {}
            }
        }
    }
    panics.check();
    // Else the mutations are too gentle, or too rough, to test anything.
    assert!(
        accepted > 100 && refused > 1000,
        "{accepted} accepted, {refused} refused"
    );
}

/// Text with words and parentheses in unexpected places.
#[test]
fn mutants_of_text_do_not_panic() {
    const WORDS: [&str; 12] = [
        "(",
        ")",
        "(canon ",
        " shared",
        "(shared ",
        "(mut ",
        "(component ",
        "(@a ",
        "\"",
        "(;",
        " seqcst ",
        "\u{e9}",
    ];
    let mut panics = Panics::new();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let text = include_str!("cases/spawn-one.wat");
    let (mut accepted, mut refused) = (0, 0);
    for mutant in 0..2000 {
        let mut text: Vec<char> = text.chars().collect();
        for _ in 0..=random.below(2) {
            let position = random.below(text.len());
            let removed = position..(position + random.below(3)).min(text.len());
            text.splice(removed, WORDS[random.below(WORDS.len())].chars());
        }
        let text: String = text.into_iter().collect();
        match panics.run(text.as_bytes(), || format!("mutant {mutant}:\n{text}")) {
            Some(Err(LowerError::Internal(message))) => panic!("{message}, for mutant {mutant}:\n{text}"),
            Some(Ok(())) => accepted += 1,
            _ => refused += 1,
        }
    }
    panics.check();
    assert!(accepted > 50 && refused > 500, "{accepted} accepted, {refused} refused");
}

/// Changes up to three bytes behind the header: replaces, flips a bit, removes, doubles or makes a great number of it.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) -> String {
    let mut changes = Vec::new();
    for _ in 0..=random.below(3) {
        if bytes.len() <= 8 {
            break;
        }
        let position = 8 + random.below(bytes.len() - 8);
        match random.below(5) {
            0 => {
                bytes[position] = random.below(256) as u8;
                changes.push(format!("byte {position} is {:#x}", bytes[position]));
            }
            1 => {
                bytes[position] ^= 1 << random.below(8);
                changes.push(format!("byte {position} is {:#x}", bytes[position]));
            }
            2 => {
                bytes.remove(position);
                changes.push(format!("byte {position} is removed"));
            }
            3 => {
                bytes.insert(position, bytes[position]);
                changes.push(format!("byte {position} is doubled"));
            }
            _ => {
                if let Some(changed) = with_greatest_number(bytes, position) {
                    *bytes = changed;
                    changes.push(format!("byte {position} is the greatest number"));
                }
            }
        }
    }
    changes.join(", ")
}
