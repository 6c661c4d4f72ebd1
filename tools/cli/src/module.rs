//! Core modules: the notes that the command prints about a module.
//!
//! A mistake that prevents every thread is reported in any case. A memory that cannot grow may be meant. `weft run` names it when a program has
//! failed for want of memory, and `weft adapt` names it at once, because others run the component.

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

/// Says on standard error that the memory cannot grow, if the module's threads need it to: the component's threads may not start.
pub fn say_if_memory_is_fixed(module: &[u8], options: &Options) {
    // The caller has adapted the module.
    if let Ok(notes) = weft_adapt::notes_with(module, options) {
        for note in notes.iter().filter(|note| matches!(note, Note::MemoryIsFixed { .. })) {
            // If standard error is closed, there is no reader to inform.
            let _ = writeln!(std::io::stderr().lock(), "warning: {note}");
        }
    }
}
