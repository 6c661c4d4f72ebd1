//! Core modules: the notes that the command prints about a module, and the names in them.

use std::collections::HashMap;
use std::io::Write;
use weft_adapt::{Note, Options};

/// Says on standard error what the author of a core module that can be adapted may want to know: mistakes in any case, what
/// else there is if asked to. Tells whether there was a mistake.
pub fn say_notes(module: &[u8], options: &Options, verbose: bool) -> bool {
    let mut stderr = std::io::stderr().lock();
    let spawns_fail = weft_adapt::spawns_fail(module);
    if spawns_fail {
        // If standard error is closed, there is no reader to inform.
        let _ = writeln!(stderr, "warning: {}", Note::SpawnsFail);
    }
    // The code that adapts the module reports the error.
    if verbose && let Ok(notes) = weft_adapt::notes_with(module, options) {
        for note in notes.iter().filter(|note| **note != Note::SpawnsFail) {
            let _ = writeln!(stderr, "note: {note}");
        }
    }
    spawns_fail
}

/// What a core module calls its imports, by what the adapted component calls them. A component has none: it is as its author
/// wrote it.
#[derive(Default)]
pub struct SourceNames(HashMap<String, String>);

impl SourceNames {
    /// Of a core module that can be adapted.
    pub fn of(module: &[u8]) -> SourceNames {
        let mut names = HashMap::new();
        for item in weft_adapt::imported_items(module) {
            // Of an import that is there twice, the first is told.
            let name = names.entry(item.adapted);
            name.or_insert_with(|| format!("{} (at offset {:#x})", item.source, item.offset));
        }
        SourceNames(names)
    }

    /// An import of the component as the module's author knows it, and where it is.
    pub fn source(&self, import: &str) -> String {
        self.0.get(import).cloned().unwrap_or_else(|| import.to_owned())
    }
}
