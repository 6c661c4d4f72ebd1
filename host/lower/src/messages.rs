//! The messages of other crates that weft must recognise, because only their text says what is wrong.
//!
//! **Problem.** wasmparser and Wasmtime return most errors as text. weft adds what some of them do not say: the id of
//! the rule, what to do, that an import is missing. A new version may change the text, and only a test would show it.
//! **Here**, all of these texts are in one file, for the versions that the workspace pins, each with the test that
//! fails when the text changes.
//!
//! Where an error can be told by its type, it is.
//!
//! **Rejected:** one file per crate that recognises messages. An upgrade would then have to find all of them.
//!
//! It is public only for the other crates of weft, and can change with each version.

use crate::builtins::CanonicalBuiltin;
use crate::error::LowerError;
use crate::rules::Rule;

/// A part of a message of wasmparser's validator, and the rule that is broken. The test is the case of the rule in
/// `tests/validate`, which refuses each of them.
const RULES: &[(&str, Rule)] = &[
    ("`context.get` immediate must be zero or one", Rule::Ctx03),
    ("`context.set` immediate must be zero or one", Rule::Ctx03),
    ("only supports `i32` or `i64`", Rule::Ctx04),
    ("type must match previous context type", Rule::Ctx05),
    ("shared functions cannot access unshared structs", Rule::Setv06),
    ("shared functions cannot access unshared arrays", Rule::Setv06),
    ("shared composite type must contain shared types", Rule::Setv08),
    ("shared globals must have a shared value type", Rule::Setv09),
    ("shared tables must have a shared element type", Rule::Setv10),
    (
        "indirect calls must go through a table with type <= funcref",
        Rule::Setv12,
    ),
    ("invalid type: `global.atomic.", Rule::Setv16),
    ("invalid type: `table.atomic.", Rule::Setv17),
    ("invalid type: `struct.atomic.", Rule::Setv18),
    ("invalid type: `array.atomic.", Rule::Setv18),
    ("`ref.eq` types to match `shared`-ness", Rule::Setv20),
    ("invalid atomic consistency ordering", Rule::Setb04),
];

/// The rule that an error of wasmparser's is about.
pub(crate) fn rule(message: &str) -> Option<Rule> {
    let found = RULES.iter().find(|(part, _)| message.contains(part));
    found.map(|(_, rule)| *rule)
}

/// wasmparser: a type does not match its declared supertype. Test: `tests/validate/items.rs`.
pub(crate) fn is_supertype_mismatch(message: &str) -> bool {
    message == "sub type must match super type"
}

/// The translator: a component exports a function that it imports. Returns the export's name. Test: the case
/// `error-reexported-function` in `tests/cases`.
pub(crate) fn reexported_function(message: &str) -> Option<&str> {
    let (_, after) = message.split_once("component export `")?;
    let (name, rest) = after.split_once('`')?;
    rest.contains("is a reexport of an imported function").then_some(name)
}

/// wasmparser: a byte of flags of a global is not known. Test: `what_no_tool_writes_is_refused_by_name` in
/// `tests/validate/core_modules.rs`.
pub(crate) fn is_unknown_global_flag(message: &str) -> bool {
    message == "malformed global flags"
}

/// wasmparser: a byte of flags of a segment is not known. Test: as for globals.
pub(crate) fn is_unknown_segment_flag(message: &str) -> bool {
    message.starts_with("invalid flags byte in")
}

/// wasmparser: an instruction behind the prefix of atomic instructions is not known. Test: as for globals.
pub(crate) fn is_unknown_atomic(message: &str) -> bool {
    message.starts_with("unknown 0xfe subopcode")
}

/// wasmparser: there are more items of a kind than its validator takes. Test: `tests/large.rs`.
pub(crate) fn is_item_limit(message: &str) -> bool {
    message.contains("count exceeds limit")
}

/// wasmparser: an instruction is one of the older exceptions. Test: the case `error-legacy-exceptions` of weft-adapt.
pub fn is_legacy_exceptions(message: &str) -> bool {
    message.contains("legacy_exceptions")
}

/// Wasmtime: a context slot is of type `i64`, which Wasmtime says before it compiles anything. Test: the scripts for
/// cooperative threads, which are expected to fail so.
pub fn wide_slot(message: &str) -> Option<LowerError> {
    let builtins = [CanonicalBuiltin::ContextGet, CanonicalBuiltin::ContextSet].map(CanonicalBuiltin::name);
    let is_refused = |builtin: &&str| message.contains(&format!("unsupported {builtin} type: I64"));
    let builtin = builtins.into_iter().find(is_refused)?;
    Some(LowerError::Unsupported {
        item: format!("`{builtin} i64` in a component without preemptive threads"),
        offset: None,
        rule: Some(Rule::Ctx04),
        advice: "the context slots of Wasmtime 48 have 32 bits; use `i32`".to_owned(),
    })
}

/// Wasmtime: a store's limiter does not allow a memory or a table. Test:
/// `what_is_beyond_the_limit_is_refused_with_advice` of weft-cooperative.
pub fn is_beyond_limiter(message: &str) -> bool {
    message.contains("exceeds memory limits") || message.contains("exceeds table limits")
}

/// Wasmtime: a store has as many handles as it may have. Test: `too_many_handles_name_the_limit` of weft-cli.
pub fn is_out_of_handles(message: &str) -> bool {
    message.contains("handle limit exceeded")
}

/// Wasmtime: the linker of a component lacks an import. Test: `all_missing_imports_are_named` of weft-cooperative.
pub fn is_missing_import(message: &str) -> bool {
    message.ends_with("implementation is missing")
}

/// Wasmtime: a component's linker lacks the item at this path: an import, or an item in an imported instance. Test:
/// `only_what_is_missing_of_an_interface_traps` of weft.
pub fn is_missing_item(message: &str, path: &[String]) -> bool {
    let mut exports = message
        .split("instance export `")
        .skip(1)
        .filter_map(|rest| rest.split('`').next());
    let names = path.split_first();
    is_missing_import(message)
        && names.is_some_and(|(import, rest)| {
            message.contains(&format!("`{import}`")) && rest.iter().all(|name| exports.next() == Some(name))
        })
}

/// Wasmtime: an import of a core module is given something of another type. Test: `modules.wast` of weft-wast.
pub fn is_import_mismatch(message: &str) -> bool {
    message.contains("incompatible import type")
}

/// Wasmtime: a cause of an error is the text of a backtrace. The text has no limit. Test:
/// `backtraces_are_demangled` of weft.
pub fn is_backtrace(message: &str) -> bool {
    message.starts_with("error while executing at wasm backtrace:")
}
