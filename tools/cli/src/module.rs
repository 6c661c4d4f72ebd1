//! Core modules: what the command says of one beside what becomes of it, and by which names.

use std::collections::HashMap;
use std::io::Write;
use weft_adapt::Note;

/// Says on standard error what the author of a core module that can be adapted may want to know: mistakes in any case, what
/// else there is if asked to. Tells whether there was a mistake.
pub fn say_notes(module: &[u8], verbose: bool) -> bool {
    let mut stderr = std::io::stderr().lock();
    let spawns_fail = weft_adapt::spawns_fail(module);
    if spawns_fail {
        // Nobody is there to be told if standard error is closed.
        let _ = writeln!(stderr, "warning: {}", Note::SpawnsFail);
    }
    // Whoever adapts the module reports the error.
    if verbose && let Ok(notes) = weft_adapt::notes(module) {
        for note in notes.iter().filter(|note| **note != Note::SpawnsFail) {
            let _ = writeln!(stderr, "note: {note}");
        }
    }
    spawns_fail
}

/// What a core module calls the modules that it imports, by what the adapted component calls them. A
/// component has none: it is as its author wrote it.
#[derive(Default)]
pub struct SourceNames(HashMap<String, String>);

impl SourceNames {
    /// Of a core module that can be adapted.
    pub fn of(module: &[u8]) -> SourceNames {
        let modules = weft_adapt::imported_modules(module);
        SourceNames(modules.into_iter().collect())
    }

    /// An import `module/function` of the component as the module's author knows it.
    pub fn source(&self, import: &str) -> String {
        let named = import.split_once('/').and_then(|(module, function)| {
            let module = self.0.get(module)?;
            Some(format!("{module}/{function}"))
        });
        named.unwrap_or_else(|| import.to_owned())
    }
}
