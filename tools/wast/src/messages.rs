//! Compares an engine's message with the one that a script expects.
//!
//! Scripts name traps and errors in the words of the specification's interpreter, of wasm-tools or of Wasmtime. A
//! message matches if it contains the expected words. The table below lists other words with which Wasmtime and
//! wasmparser say the same.

/// The words that a script expects, and other words with the same meaning.
const SYNONYMS: &[(&str, &[&str])] = &[
    // Traps.
    ("expected shared memory", &["atomic wait on non-shared memory"]),
    ("null function reference", &["null reference"]),
    ("null structure reference", &["null reference"]),
    ("null array reference", &["null reference"]),
    ("null i31 reference", &["null reference"]),
    ("null exception reference", &["null reference"]),
    // An exception that leaves a core module, or the first component that was called. Wasmtime has a message of its own only for
    // an exception that passes from one component to another.
    ("thrown Wasm exception", UNCAUGHT),
    ("uncaught exception propagated out of component", UNCAUGHT),
    // Linking.
    ("unknown import", &["not found in the linker", "does not supply"]),
    ("was not found", MISSING),
    ("resource implementation is missing", MISSING),
    ("function implementation is missing", MISSING),
    ("module implementation is missing", MISSING),
    ("expected module found nothing", MISSING),
    ("expected func found nothing", MISSING),
    ("expected instance found nothing", MISSING),
    // Strings that are lifted or copied. Wasmtime distinguishes incomplete sequences of bytes from invalid ones.
    ("invalid utf-8", &["incomplete utf-8", "invalid utf8 encoding"]),
    (
        "incomplete utf-8 byte sequence",
        &["invalid utf-8", "invalid utf8 encoding"],
    ),
    ("invalid utf8 encoding", &["invalid utf-8"]),
    ("unpaired surrogate found", &["invalid utf16 encoding"]),
    ("invalid utf16 encoding", &["unpaired surrogate found"]),
    // Malformed binaries.
    (
        "END opcode expected",
        &["control frames remain", "operators remaining", "unexpected end"],
    ),
    ("length out of bounds", &["unexpected end"]),
    ("malformed import kind", &["invalid leading byte"]),
    ("malformed limits flags", &["limits flags"]),
    ("malformed mutability", &["malformed global flags"]),
    (
        "unexpected end of section or function",
        &["unexpected end", "control frames remain"],
    ),
    ("zero byte expected", &["invalid leading byte"]),
    // Malformed texts.
    ("i32 constant", &["constant out of range"]),
    ("i32 constant out of range", &["constant out of range"]),
    ("i64 constant", &["constant out of range"]),
    ("i64 constant out of range", &["constant out of range"]),
    (
        "unexpected token",
        &["expected ", "extra tokens", "unexpected character"],
    ),
    (
        "unknown operator",
        &["expected ", "unexpected", "constant out of range"],
    ),
    // Invalid modules.
    (
        "atomic alignment must be natural",
        &["atomic instructions must always specify maximum alignment"],
    ),
    ("immutable global", &["global is immutable"]),
    ("invalid lane index", &["SIMD index out of bounds"]),
    (
        "memory size must be at most 65536 pages (4GiB)",
        &["memory size must be at most"],
    ),
    ("unknown data segment", &["data count section required"]),
];

const MISSING: &[&str] = &["implementation is missing", "does not supply"];

const UNCAUGHT: &[&str] = &["uncaught exception", "an exception that nothing catches"];

/// Beginnings of messages with the same meaning, whatever follows: `cannot write to stream after being notified that …` in the component model's
/// scripts is `cannot write after being notified that …` in Wasmtime.
const BEGINNINGS: &[&str] = &["cannot read", "cannot write"];

/// The kinds of items in the words of scripts, of Wasmtime and of weft.
const KINDS: &[(&str, &str, &str)] = &[
    ("func", "function", "a function"),
    ("function", "function", "a function"),
    ("instance", "instance", "an instance"),
    ("module", "module", "a core module"),
    ("resource", "resource", "a resource type"),
];

/// Whether `actual` says that an import and its argument are of these kinds. The expected words are `expected func found instance`.
fn names_kinds(expected: &str, actual: &str) -> bool {
    let named = |word: &str| KINDS.iter().find(|(script, ..)| *script == word);
    let kinds = expected
        .strip_prefix("expected ")
        .and_then(|kinds| kinds.split_once(" found "))
        .and_then(|(wanted, found)| named(wanted).zip(named(found)));
    let Some(((_, wanted, wanted_by_weft), (_, found, found_by_weft))) = kinds else {
        return false;
    };
    // Wasmtime calls a function that it wants `function`, and one that it finds `func`.
    let found = if *found == "function" { "func" } else { found };
    actual.contains(&format!("expected {wanted} found {found}"))
        || actual.contains(&format!(
            "as {wanted_by_weft}, and the host defines it as {found_by_weft}"
        ))
}

/// Whether `actual` matches the words that a script expects.
pub(crate) fn fits(expected: &str, actual: &str) -> bool {
    if actual.contains(expected)
        || names_kinds(expected, actual)
        || BEGINNINGS
            .iter()
            .any(|words| expected.contains(words) && actual.contains(words))
    {
        return true;
    }
    // `uninitialized element 2`: engines do not report the index.
    let words = match expected.rsplit_once(' ') {
        Some((words, index)) if index.bytes().all(|byte| byte.is_ascii_digit()) => words,
        _ => expected,
    };
    if actual.contains(words) {
        return true;
    }
    let synonyms = SYNONYMS.iter().find(|(expected, _)| *expected == words);
    synonyms.is_some_and(|(_, synonyms)| synonyms.iter().any(|words| actual.contains(words)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expected_words_are_contained_or_known_as_others() {
        assert!(fits(
            "unreachable",
            "wasm trap: wasm `unreachable` instruction executed"
        ));
        assert!(fits("uninitialized element 2", "wasm trap: uninitialized element"));
        assert!(fits(
            "expected shared memory",
            "wasm trap: atomic wait on non-shared memory"
        ));
        assert!(fits("thrown Wasm exception", "uncaught exception"));
        assert!(fits(
            "cannot write to stream after being notified that the readable end dropped",
            "cannot write after being notified that the readable end dropped"
        ));
        assert!(!fits(
            "cannot write to stream after being notified that the readable end dropped",
            "cannot read after being notified that the writable end dropped"
        ));
        assert!(!fits("unreachable", "wasm trap: out of bounds memory access"));
        assert!(!fits("7", "anything"));
    }

    #[test]
    fn the_kinds_of_an_import_and_its_argument_are_named_in_any_words() {
        let weft = "the component imports `f` as a function, and the host defines it as an instance";
        for words in ["expected func found instance", "expected function found instance"] {
            assert!(fits(words, weft), "{words}");
            assert!(fits(words, "expected function found instance"), "{words}");
            assert!(!fits(words, "expected instance found func"), "{words}");
        }
        assert!(fits("expected resource found func", "expected resource found func"));
        assert!(fits("expected resource found function", "expected resource found func"));
        for words in [
            "expected instance found func",
            "expected func found resource",
            "expected module found instance",
            "expected func found nothing",
        ] {
            assert!(!fits(words, weft), "{words}");
        }
    }

    #[test]
    fn words_of_which_nothing_is_known_must_be_there() {
        assert!(!fits("rule SPAWN-IND-05", "rule SPAWN-IND-07"));
    }
}
