//! The canonical built-ins that an adapted component can use, and their names as core imports of `$root`.

use std::fmt;
use wasmparser::{FuncType, ValType};

/// The module name from which a core module imports canonical built-ins.
pub(crate) const ROOT: &str = "$root";

/// One of the two context slots of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    Zero,
    One,
}

impl Slot {
    /// The immediate of `context.get` and `context.set`.
    pub(crate) fn number(self) -> u32 {
        match self {
            Slot::Zero => 0,
            Slot::One => 1,
        }
    }
}

/// A built-in that suspends the calling thread or lets others run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Switch {
    Suspend,
    Yield,
    SuspendThenResume,
    YieldThenResume,
    SuspendThenPromote,
    YieldThenPromote,
}

/// A canonical built-in, as `$main` imports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Builtin {
    ContextGet(Slot),
    ContextSet(Slot),
    ThreadIndex,
    AvailableParallelism,
    /// `thread.spawn-indirect` on the module's own function table.
    SpawnIndirect,
    /// `thread.spawn-indirect` on the adapter's table, which holds the functions that its threads start with.
    SpawnEntry,
    /// `thread.new-indirect` on the module's own function table.
    NewIndirect,
    /// `thread.new-indirect` on the adapter's table.
    NewEntry,
    ResumeLater,
    /// Whether it can be cancelled, too.
    Switch(Switch, bool),
}

/// The names of the imports from `$root`. A variant without a name does not compile.
macro_rules! names {
    (importable { $(($($importable:tt)+) $importable_name:literal;)* } others { $(($($other:tt)+) $other_name:literal;)* }) => {
        impl Builtin {
            /// The built-ins that a module may import by name, in the order in which errors list them.
            const IMPORTABLE: &[Builtin] = &[$($($importable)+),*];

            /// The name of the import from `$root`.
            pub(crate) fn import_name(self) -> &'static str {
                match self {
                    $($($importable)+ => $importable_name,)*
                    $($($other)+ => $other_name,)*
                }
            }
        }
    };
}

names! {
    importable {
        (Builtin::SpawnIndirect) "[thread-spawn-indirect]";
        (Builtin::ThreadIndex) "[thread-index]";
        (Builtin::AvailableParallelism) "[thread-available-parallelism]";
        (Builtin::ContextGet(Slot::Zero)) "[context-get-0]";
        (Builtin::ContextSet(Slot::Zero)) "[context-set-0]";
        (Builtin::ContextGet(Slot::One)) "[context-get-1]";
        (Builtin::ContextSet(Slot::One)) "[context-set-1]";
        // As wit-component names it.
        (Builtin::NewIndirect) "[thread-new-indirect-v0]";
        (Builtin::ResumeLater) "[thread-resume-later]";
        (Builtin::Switch(Switch::Suspend, false)) "[thread-suspend]";
        (Builtin::Switch(Switch::Yield, false)) "[thread-yield]";
        (Builtin::Switch(Switch::SuspendThenResume, false)) "[thread-suspend-then-resume]";
        (Builtin::Switch(Switch::YieldThenResume, false)) "[thread-yield-then-resume]";
        (Builtin::Switch(Switch::SuspendThenPromote, false)) "[thread-suspend-then-promote]";
        (Builtin::Switch(Switch::YieldThenPromote, false)) "[thread-yield-then-promote]";
        (Builtin::Switch(Switch::Suspend, true)) "[cancellable][thread-suspend]";
        (Builtin::Switch(Switch::Yield, true)) "[cancellable][thread-yield]";
        (Builtin::Switch(Switch::SuspendThenResume, true)) "[cancellable][thread-suspend-then-resume]";
        (Builtin::Switch(Switch::YieldThenResume, true)) "[cancellable][thread-yield-then-resume]";
        (Builtin::Switch(Switch::SuspendThenPromote, true)) "[cancellable][thread-suspend-then-promote]";
        (Builtin::Switch(Switch::YieldThenPromote, true)) "[cancellable][thread-yield-then-promote]";
    }
    // Only the adapter imports these.
    others {
        (Builtin::SpawnEntry) "[thread-spawn-indirect-threads]";
        (Builtin::NewEntry) "[thread-new-indirect-threads]";
    }
}

impl Builtin {
    /// The built-in that a module imports from `$root` under the given name. Those of the context can name their type.
    pub(crate) fn named(name: &str) -> Option<Builtin> {
        match name {
            "[context-get-i32-0]" => Some(Builtin::ContextGet(Slot::Zero)),
            "[context-get-i32-1]" => Some(Builtin::ContextGet(Slot::One)),
            "[context-set-i32-0]" => Some(Builtin::ContextSet(Slot::Zero)),
            "[context-set-i32-1]" => Some(Builtin::ContextSet(Slot::One)),
            name => Self::IMPORTABLE
                .iter()
                .copied()
                .find(|builtin| builtin.import_name() == name),
        }
    }

    /// The names that [`Builtin::named`] knows.
    pub(crate) fn known_names() -> String {
        let names = Self::IMPORTABLE
            .iter()
            .map(|builtin| format!("`{}`", builtin.import_name()));
        names.collect::<Vec<_>>().join(", ")
    }

    /// Whether it starts functions of the module's own table.
    pub(crate) fn needs_table(self) -> bool {
        match self {
            Builtin::SpawnIndirect | Builtin::NewIndirect => true,
            Builtin::ContextGet(_)
            | Builtin::ContextSet(_)
            | Builtin::ThreadIndex
            | Builtin::AvailableParallelism
            | Builtin::SpawnEntry
            | Builtin::NewEntry
            | Builtin::ResumeLater
            | Builtin::Switch(..) => false,
        }
    }

    /// The built-in's core function type.
    pub(crate) fn ty(self) -> FuncType {
        const THREAD: &[ValType] = &[ValType::I32];
        let (params, results): (&[ValType], &[ValType]) = match self {
            Builtin::ContextGet(_) | Builtin::ThreadIndex | Builtin::AvailableParallelism => (&[], &[ValType::I32]),
            Builtin::ContextSet(_) | Builtin::ResumeLater => (THREAD, &[]),
            Builtin::SpawnIndirect | Builtin::SpawnEntry | Builtin::NewIndirect | Builtin::NewEntry => {
                (&[ValType::I32; 2], &[ValType::I32])
            }
            Builtin::Switch(Switch::Suspend | Switch::Yield, _) => (&[], &[ValType::I32]),
            Builtin::Switch(
                Switch::SuspendThenResume
                | Switch::YieldThenResume
                | Switch::SuspendThenPromote
                | Switch::YieldThenPromote,
                _,
            ) => (THREAD, &[ValType::I32]),
        };
        FuncType::new(params.iter().copied(), results.iter().copied())
    }

    /// The built-in's type in error messages.
    pub(crate) fn ty_text(self) -> String {
        TypeText(&self.ty()).to_string()
    }
}

/// A function type as text.
pub(crate) struct TypeText<'a>(pub(crate) &'a FuncType);

impl fmt::Display for TypeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(func")?;
        for (keyword, types) in [("param", self.0.params()), ("result", self.0.results())] {
            if !types.is_empty() {
                write!(f, " ({keyword}")?;
                types.iter().try_for_each(|ty| write!(f, " {ty}"))?;
                f.write_str(")")?;
            }
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_lower::CanonicalBuiltin;

    fn canonical(builtin: Builtin) -> (CanonicalBuiltin, &'static str) {
        match builtin {
            Builtin::ContextGet(Slot::Zero) => (CanonicalBuiltin::ContextGet, "-0"),
            Builtin::ContextGet(Slot::One) => (CanonicalBuiltin::ContextGet, "-1"),
            Builtin::ContextSet(Slot::Zero) => (CanonicalBuiltin::ContextSet, "-0"),
            Builtin::ContextSet(Slot::One) => (CanonicalBuiltin::ContextSet, "-1"),
            Builtin::ThreadIndex => (CanonicalBuiltin::ThreadIndex, ""),
            Builtin::AvailableParallelism => (CanonicalBuiltin::ThreadAvailableParallelism, ""),
            Builtin::SpawnIndirect => (CanonicalBuiltin::ThreadSpawnIndirect, ""),
            Builtin::SpawnEntry => (CanonicalBuiltin::ThreadSpawnIndirect, "-threads"),
            Builtin::NewIndirect => (CanonicalBuiltin::ThreadNewIndirect, "-v0"),
            Builtin::NewEntry => (CanonicalBuiltin::ThreadNewIndirect, "-threads"),
            Builtin::ResumeLater => (CanonicalBuiltin::ThreadResumeLater, ""),
            Builtin::Switch(Switch::Suspend, _) => (CanonicalBuiltin::ThreadSuspend, ""),
            Builtin::Switch(Switch::Yield, _) => (CanonicalBuiltin::ThreadYield, ""),
            Builtin::Switch(Switch::SuspendThenResume, _) => (CanonicalBuiltin::ThreadSuspendThenResume, ""),
            Builtin::Switch(Switch::YieldThenResume, _) => (CanonicalBuiltin::ThreadYieldThenResume, ""),
            Builtin::Switch(Switch::SuspendThenPromote, _) => (CanonicalBuiltin::ThreadSuspendThenPromote, ""),
            Builtin::Switch(Switch::YieldThenPromote, _) => (CanonicalBuiltin::ThreadYieldThenPromote, ""),
        }
    }

    /// Imports of `$root` name a built-in as the specification does, with hyphens.
    #[test]
    fn names_and_types_are_those_of_the_built_ins() {
        for &builtin in Builtin::IMPORTABLE
            .iter()
            .chain(&[Builtin::SpawnEntry, Builtin::NewEntry])
        {
            let (canonical, suffix) = canonical(builtin);
            let prefix = match builtin {
                Builtin::Switch(_, true) => "[cancellable]",
                _ => "",
            };
            let name = format!("{prefix}[{}{suffix}]", canonical.name().replace('.', "-"));
            assert_eq!(builtin.import_name(), name);
            assert_eq!(canonical.ty().unwrap_or(builtin.ty()), builtin.ty(), "{name}");
        }
    }
}
