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

/// A canonical built-in, as `$main` imports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Builtin {
    ContextGet(Slot),
    ContextSet(Slot),
    ThreadIndex,
    AvailableParallelism,
    /// `thread.spawn-indirect` on the module's own function table.
    SpawnIndirect,
    /// `thread.spawn-indirect` on the adapter's table, which holds the thread entry of the wasi-threads ABI.
    SpawnEntry,
}

impl Builtin {
    /// The built-ins that a module may import by name.
    const IMPORTABLE: [Builtin; 7] = [
        Builtin::SpawnIndirect,
        Builtin::ThreadIndex,
        Builtin::AvailableParallelism,
        Builtin::ContextGet(Slot::Zero),
        Builtin::ContextSet(Slot::Zero),
        Builtin::ContextGet(Slot::One),
        Builtin::ContextSet(Slot::One),
    ];

    /// The built-in that a module imports from `$root` under the given name.
    pub(crate) fn named(name: &str) -> Option<Builtin> {
        Self::IMPORTABLE
            .into_iter()
            .find(|builtin| builtin.import_name() == name)
    }

    /// The names that [`Builtin::named`] knows.
    pub(crate) fn known_names() -> String {
        Self::IMPORTABLE
            .map(|builtin| format!("`{}`", builtin.import_name()))
            .join(", ")
    }

    /// The name of the import from `$root`.
    pub(crate) fn import_name(self) -> &'static str {
        match self {
            Builtin::ContextGet(Slot::Zero) => "[context-get-0]",
            Builtin::ContextGet(Slot::One) => "[context-get-1]",
            Builtin::ContextSet(Slot::Zero) => "[context-set-0]",
            Builtin::ContextSet(Slot::One) => "[context-set-1]",
            Builtin::ThreadIndex => "[thread-index]",
            Builtin::AvailableParallelism => "[thread-available-parallelism]",
            Builtin::SpawnIndirect => "[thread-spawn-indirect]",
            Builtin::SpawnEntry => "[thread-spawn-indirect-threads]",
        }
    }

    /// The built-in's core function type.
    pub(crate) fn ty(self) -> FuncType {
        let (params, results): (&[ValType], &[ValType]) = match self {
            Builtin::ContextGet(_) | Builtin::ThreadIndex | Builtin::AvailableParallelism => (&[], &[ValType::I32]),
            Builtin::ContextSet(_) => (&[ValType::I32], &[]),
            Builtin::SpawnIndirect | Builtin::SpawnEntry => (&[ValType::I32; 2], &[ValType::I32]),
        };
        FuncType::new(params.iter().copied(), results.iter().copied())
    }

    /// The built-in's type in error messages.
    pub(crate) fn ty_text(self) -> &'static str {
        match self {
            Builtin::ContextGet(_) | Builtin::ThreadIndex | Builtin::AvailableParallelism => "(func (result i32))",
            Builtin::ContextSet(_) => "(func (param i32))",
            Builtin::SpawnIndirect | Builtin::SpawnEntry => "(func (param i32 i32) (result i32))",
        }
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
        }
    }

    /// Imports of `$root` name a built-in as the specification does, with hyphens.
    #[test]
    fn names_and_types_are_those_of_the_built_ins() {
        for builtin in Builtin::IMPORTABLE.into_iter().chain([Builtin::SpawnEntry]) {
            let (canonical, suffix) = canonical(builtin);
            let name = format!("[{}{suffix}]", canonical.name().replace('.', "-"));
            assert_eq!(builtin.import_name(), name);
            assert_eq!(canonical.ty().unwrap_or(builtin.ty()), builtin.ty(), "{name}");
            assert_eq!(TypeText(&builtin.ty()).to_string(), builtin.ty_text(), "{name}");
        }
    }
}
