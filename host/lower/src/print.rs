//! Printing what the passes write, for people who debug a component or a pass.
//!
//! **Before:** a binary, or a [`Plan`]. **After:** text: a binary's in the text format, a plan's with a line for each item.
//!
//! **Rejected:** the plan as JSON, which `serde` would give: a line for each item is what a person compares.

use crate::LowerError;
use crate::builtins::CanonicalBuiltin;
use crate::plan::{Builtin, Definition, Export, Plan, StartTable, ValueType};
use std::fmt::{self, Display, Formatter};
use std::panic::catch_unwind;

/// The text of a binary.
pub(crate) fn print(binary: &[u8]) -> Result<String, LowerError> {
    match catch_unwind(|| wasmprinter::print_bytes(binary)) {
        Ok(printed) => printed.map_err(|error| LowerError::Print(format!("{error:#}"))),
        Err(_) => Err(LowerError::Print("the printer panicked".to_owned())),
    }
}

impl Plan {
    /// The text of the run-time module.
    ///
    /// # Errors
    ///
    /// The printer does not know what is in it.
    pub fn module_to_text(&self) -> Result<String, LowerError> {
        print(&self.wasm)
    }
}

/// A line for each item but the run-time module.
impl Display for Plan {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, memory) in self.memories.iter().enumerate() {
            let width = if memory.memory64 { 64 } else { 32 };
            let hidden = if memory.hidden { ", hidden" } else { "" };
            let unshared = if memory.shared { "" } else { ", unshared" };
            writeln!(
                f,
                "memory {index}: {width} bits, {} to {} pages{hidden}{unshared}",
                memory.minimum, memory.maximum
            )?;
        }
        for (index, table) in self.tables.iter().enumerate() {
            let width = if table.table64 { 64 } else { 32 };
            writeln!(
                f,
                "table {index}: {width} bits, at most {} elements, in memory {}",
                table.maximum, table.memory.0
            )?;
        }
        for (index, import) in self.imports.iter().enumerate() {
            write!(f, "import {index}: {:?} uses {:?}", import.name, import.uses)?;
            match import.memory {
                Some(memory) => writeln!(f, " takes memory {}", memory.0)?,
                None => writeln!(f)?,
            }
        }
        writeln!(
            f,
            "arguments{}",
            if self.initialize { ", initialized once" } else { "" }
        )?;
        for argument in &self.arguments {
            writeln!(f, "  {}", definition(argument))?;
        }
        for slot in &self.context_slots {
            writeln!(f, "context slot {slot:?}")?;
        }
        for one in &self.exports {
            export(one, f)?;
        }
        for name in &self.unsupplied {
            writeln!(f, "not supplied {name:?}")?;
        }
        Ok(())
    }
}

fn definition(definition: &Definition) -> String {
    match definition {
        Definition::Memory(memory) => format!("memory {}", memory.0),
        Definition::Import(import, name) => format!("import {} {name:?}", import.0),
        Definition::Builtin(builtin) => match builtin {
            Builtin::SpawnIndirect(table, start) | Builtin::NewIndirect(table, start) => {
                format!("{builtin}, {}, type {:?}", start_table(table), start.export)
            }
            Builtin::SpawnRef(start) => format!("{builtin}, type {:?}", start.export),
            other => other.to_string(),
        },
    }
}

fn start_table(table: &StartTable) -> String {
    match table {
        StartTable::Fixed { export, table64 } => {
            format!("table {export:?} of {} bits", if *table64 { 64 } else { 32 })
        }
        StartTable::Written(table) => format!("table {}", table.0),
    }
}

fn export(export: &Export, f: &mut Formatter<'_>) -> fmt::Result {
    let parameters = export.parameters.iter();
    let parameters = parameters.map(|(name, ty)| format!("{name}: {}", value_type(ty)));
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    let result = match &export.result {
        Some(ty) => format!(" -> {}", value_type(ty)),
        None => String::new(),
    };
    writeln!(f, "export {:?}: ({parameters}){result}", export.path)?;
    writeln!(f, "  {:?}", export.function)?;
    match &export.post_return {
        Some(function) => writeln!(f, "  post-return {function:?}"),
        None => Ok(()),
    }
}

fn value_type(ty: &ValueType) -> String {
    match ty {
        ValueType::Other(kind) => format!("unsupported {kind}"),
        other => format!("{other:?}").to_lowercase(),
    }
}

/// For those who read the run-time module.
impl Display for Builtin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let canonical = match self {
            Builtin::SpawnIndirect(..) => CanonicalBuiltin::ThreadSpawnIndirect,
            Builtin::SpawnRef(_) => CanonicalBuiltin::ThreadSpawnRef,
            Builtin::NewIndirect(..) => CanonicalBuiltin::ThreadNewIndirect,
            Builtin::ThreadIndex => CanonicalBuiltin::ThreadIndex,
            Builtin::AvailableParallelism => CanonicalBuiltin::ThreadAvailableParallelism,
            Builtin::ResumeLater => CanonicalBuiltin::ThreadResumeLater,
            Builtin::Suspend => CanonicalBuiltin::ThreadSuspend,
            Builtin::Yield => CanonicalBuiltin::ThreadYield,
            Builtin::SuspendThenResume => CanonicalBuiltin::ThreadSuspendThenResume,
            Builtin::YieldThenResume => CanonicalBuiltin::ThreadYieldThenResume,
            Builtin::SuspendThenPromote => CanonicalBuiltin::ThreadSuspendThenPromote,
            Builtin::YieldThenPromote => CanonicalBuiltin::ThreadYieldThenPromote,
            Builtin::Wait32(memory) => return write!(f, "wait32 {}", memory.0),
            Builtin::Wait64(memory) => return write!(f, "wait64 {}", memory.0),
            Builtin::Notify(memory) => return write!(f, "notify {}", memory.0),
            Builtin::GrowMemory(memory) => return write!(f, "memory.grow {}", memory.0),
            Builtin::FunctionHandle => return f.write_str("function-handle"),
            Builtin::GrowTable(table) => return write!(f, "table.grow {}", table.0),
        };
        f.write_str(canonical.name())
    }
}
