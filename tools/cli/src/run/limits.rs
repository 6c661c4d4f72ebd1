//! What `weft run` says about the limits that a program reached before it failed.
//!
//! The program sees only that an allocation or a spawn fails, and many programs then trap or do not say why they end.

use super::Opts;
use std::io::Write;
use weft::Engine;
use weft_lower::Input;

/// What is known of spawns that start no thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spawns {
    /// The engine counts them.
    Counted,
    /// The program spawns cooperative threads in the deterministic profile: none of them starts, and nobody counts them.
    Ignored,
}

impl Spawns {
    /// Those of a program that runs on Wasmtime's component runtime in the deterministic profile.
    pub(super) fn ignored(program: &[u8]) -> Self {
        let report = Input::read(program).and_then(|input| input.inspect());
        let spawns = |report: &weft_lower::inspect::Report| {
            let mut builtins = report.builtins.iter();
            builtins.any(|builtin| builtin.name.starts_with("thread.spawn-"))
        };
        match report {
            Ok(report) if spawns(&report) => Spawns::Ignored,
            Ok(_) | Err(_) => Spawns::Counted,
        }
    }
}

impl Opts {
    /// Names the limits on memory and threads that the program reached, except one that `message` names.
    pub(super) fn say_limits(&self, engine: &Engine, spawns: Spawns, message: &str) {
        if spawns == Spawns::Ignored {
            let note = "if the program spawned threads, none started, because the profile is deterministic: leave out `--deterministic`";
            let _ = writeln!(std::io::stderr(), "note: {note}");
        }
        let notes = self
            .missing_memory(engine)
            .into_iter()
            .chain(self.missing_threads(engine));
        for (option, note) in notes {
            if option.is_none_or(|option| !message.contains(option)) {
                // If standard error is closed, there is no reader to inform.
                let _ = writeln!(std::io::stderr(), "note: the program did not get all the {note}");
            }
        }
    }

    /// Why the program did not get memory, each with the option to change.
    fn missing_memory(&self, engine: &Engine) -> Vec<(Option<&'static str>, String)> {
        let refusals = engine.memory_refusals();
        let mut notes = Vec::new();
        if refusals.by_limit > 0 {
            let limit = self.max_memory.unwrap_or_else(weft::default_max_memory);
            let note = format!("memory that it asked for, because its limit is {limit} bytes: raise `--max-memory`");
            notes.push((Some("--max-memory"), note));
        }
        if refusals.by_maximum > 0 {
            let note = "memory that it asked for, because its memory has reached the maximum that it declares: link it with a larger \
                        `--max-memory` (`-Wl,--max-memory=...` to Clang)";
            notes.push((None, note.to_owned()));
        }
        notes
    }

    /// Why spawns started no thread, each with the option to change.
    fn missing_threads(&self, engine: &Engine) -> Vec<(Option<&'static str>, String)> {
        let refusals = engine.spawn_refusals();
        let mut notes = Vec::new();
        if refusals.by_profile > 0 {
            let note = "threads that it asked for, because spawns start none in the deterministic profile: leave out `--deterministic`";
            notes.push((None, note.to_owned()));
        }
        match self.max_threads.filter(|_| refusals.by_limit > 0) {
            Some(limit) => {
                let note = format!(
                    "threads that it asked for, because it can have {limit} at once, including the first: raise `--max-threads`"
                );
                notes.push((Some("--max-threads"), note));
            }
            // Without the option, the limit is how many the mappings allow.
            None if refusals.by_limit > 0 || refusals.by_system > 0 => {
                let note = "threads that it asked for, because the system has no memory mappings or address space for more: raise \
                            its limits (vm.max_map_count, `ulimit -v`), or let the program start fewer";
                notes.push((None, note.to_owned()));
            }
            None => {}
        }
        notes
    }
}
