//! The WIT package `weft:threads`, as bindings of wit-bindgen import it: a guest in any language can use the built-ins that way.
//!
//! ```wat
//! (import "weft:threads/threads@0.1.0" "available-parallelism" (func (result i32)))
//! ```
//!
//! Each function is the built-in that the package documents. Two differ from the imports of `$root`: a thread of `spawn-indirect` or
//! `new-indirect` gets a stack and thread-local storage, because a high-level language cannot supply them (see `contexts.rs`).

use crate::builtin::{Builtin, Slot, Switch};

/// What an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Import {
    Builtin(Builtin),
    /// A built-in that creates a thread, which gets a stack.
    InContext(Start),
}

/// How a thread with a stack begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Start {
    /// At once: `thread.spawn-indirect`.
    Spawned,
    /// When another thread resumes it: `thread.new-indirect`.
    Suspended,
}

impl Start {
    /// The built-in that is called.
    pub(crate) fn builtin(self) -> Builtin {
        match self {
            Start::Spawned => Builtin::SpawnEntry,
            Start::Suspended => Builtin::NewEntry,
        }
    }
}

const NAME: &str = "weft:threads/";
const VERSION: &str = "0.1.";

/// The interface of the package that a module name refers to, if it does.
pub(crate) fn interface(module: &str) -> Option<&str> {
    let interface = module.strip_prefix(NAME)?;
    match interface.split_once('@') {
        None => Some(interface),
        Some((interface, version)) => version.starts_with(VERSION).then_some(interface),
    }
}

/// Whether a module name belongs to the package, in any version.
pub(crate) fn is_of_package(module: &str) -> bool {
    module.starts_with(NAME)
}

/// Finds a function of the package.
pub(crate) fn import(module: &str, name: &str) -> Option<Import> {
    let functions = functions(interface(module)?)?;
    let mut functions = functions.iter();
    functions.find(|(known, _)| *known == name).map(|(_, import)| *import)
}

/// The names of a module's functions.
pub(crate) fn known_names(module: &str) -> String {
    let functions = interface(module).and_then(functions).unwrap_or_default();
    let names = functions.iter().map(|(name, _)| format!("`{name}`"));
    names.collect::<Vec<_>>().join(", ")
}

fn functions(interface: &str) -> Option<&'static [(&'static str, Import)]> {
    match interface {
        "threads" => Some(&[
            ("spawn-indirect", Import::InContext(Start::Spawned)),
            ("available-parallelism", Import::Builtin(Builtin::AvailableParallelism)),
            ("index", Import::Builtin(Builtin::ThreadIndex)),
        ]),
        "context" => Some(&[
            ("get0", Import::Builtin(Builtin::ContextGet(Slot::Zero))),
            ("set0", Import::Builtin(Builtin::ContextSet(Slot::Zero))),
            ("get1", Import::Builtin(Builtin::ContextGet(Slot::One))),
            ("set1", Import::Builtin(Builtin::ContextSet(Slot::One))),
        ]),
        "scheduling" => Some(&[
            ("new-indirect", Import::InContext(Start::Suspended)),
            ("resume-later", Import::Builtin(Builtin::ResumeLater)),
            ("suspend", Import::Builtin(Builtin::Switch(Switch::Suspend, false))),
            ("yield", Import::Builtin(Builtin::Switch(Switch::Yield, false))),
            (
                "suspend-then-resume",
                Import::Builtin(Builtin::Switch(Switch::SuspendThenResume, false)),
            ),
            (
                "yield-then-resume",
                Import::Builtin(Builtin::Switch(Switch::YieldThenResume, false)),
            ),
            (
                "suspend-then-promote",
                Import::Builtin(Builtin::Switch(Switch::SuspendThenPromote, false)),
            ),
            (
                "yield-then-promote",
                Import::Builtin(Builtin::Switch(Switch::YieldThenPromote, false)),
            ),
        ]),
        _ => None,
    }
}
