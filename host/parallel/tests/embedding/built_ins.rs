//! The thread built-ins, as the programs of [`support`](crate::support) define and import them.
//!
//! The list comes from the table in `weft-lower`. A built-in that always has the same core type needs nothing here. If
//! its definition has immediates, the tests fail until [`forms`] says which ones they use.

use weft_lower::CanonicalBuiltin;

/// A built-in that every program can call.
pub struct BuiltIn {
    /// Its name in the core module.
    pub name: String,
    /// Its core type.
    pub ty: String,
    /// Its canonical definition.
    pub definition: String,
}

impl BuiltIn {
    fn new(name: &str, ty: &str, definition: &str) -> Self {
        let [name, ty, definition] = [name, ty, definition].map(str::to_owned);
        BuiltIn { name, ty, definition }
    }
}

/// The thread built-ins. They come from the table of all built-ins, so a new one is among them.
pub fn built_ins() -> Vec<BuiltIn> {
    let all = CanonicalBuiltin::ALL.iter();
    let of_threads =
        all.filter(|builtin| builtin.name().starts_with("thread.") || builtin.name().starts_with("context."));
    of_threads.flat_map(|builtin| forms(*builtin)).collect()
}

/// The forms of a built-in that the tests use: one for each choice of immediates.
fn forms(builtin: CanonicalBuiltin) -> Vec<BuiltIn> {
    let canonical = builtin.name();
    match canonical {
        "thread.spawn-indirect" => vec![BuiltIn::new(
            "spawn",
            "(param i32 i32) (result i32)",
            "thread.spawn-indirect $start $table",
        )],
        "thread.spawn-ref" => vec![BuiltIn::new(
            "spawn_ref",
            "(param (ref null $start) i32) (result i32)",
            "thread.spawn-ref $start",
        )],
        "thread.new-indirect" => vec![BuiltIn::new(
            "new",
            "(param i32 i32) (result i32)",
            "thread.new-indirect $start $table",
        )],
        "context.get" => vec![
            BuiltIn::new("get0", "(result i32)", "context.get i32 0"),
            BuiltIn::new("get1", "(result i32)", "context.get i32 1"),
        ],
        "context.set" => vec![
            BuiltIn::new("set0", "(param i32)", "context.set i32 0"),
            BuiltIn::new("set1", "(param i32)", "context.set i32 1"),
        ],
        // The parser of the text format spells it like this.
        "thread.available-parallelism" => vec![BuiltIn::new(
            "parallelism",
            "(result i32)",
            "thread.available_parallelism",
        )],
        // The host has a function `yield`.
        "thread.yield" => vec![BuiltIn::new("yield_thread", &text_of_type(builtin), canonical)],
        _ => {
            let name = canonical.split_once('.').map_or(canonical, |(_, name)| name);
            vec![BuiltIn::new(&name.replace('-', "_"), &text_of_type(builtin), canonical)]
        }
    }
}

fn text_of_type(builtin: CanonicalBuiltin) -> String {
    let ty = builtin.ty();
    let ty = ty.unwrap_or_else(|| panic!("`{}` has immediates: say in `forms` which ones", builtin.name()));
    let parameters = ty.params().iter().map(|ty| format!("(param {ty}) "));
    parameters
        .chain(ty.results().iter().map(|ty| format!("(result {ty})")))
        .collect()
}
