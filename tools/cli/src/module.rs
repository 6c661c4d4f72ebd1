//! Core modules: the notes that the command prints about a module.

use std::io::Write;
use weft_adapt::{Note, Options};

/// Says on standard error what the author of a core module that can be adapted may want to know: mistakes in any case, what
/// else there is if asked to.
pub fn say_notes(module: &[u8], options: &Options, verbose: bool) {
    let mut stderr = std::io::stderr().lock();
    if weft_adapt::spawns_fail(module) {
        // If standard error is closed, there is no reader to inform.
        let _ = writeln!(stderr, "warning: {}", Note::SpawnsFail);
    }
    // The code that adapts the module reports the error.
    if verbose && let Ok(notes) = weft_adapt::notes_with(module, options) {
        for note in notes.iter().filter(|note| **note != Note::SpawnsFail) {
            let _ = writeln!(stderr, "note: {note}");
        }
    }
}
