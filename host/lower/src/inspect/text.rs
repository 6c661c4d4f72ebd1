//! The report as text: a heading for each part that is not empty, and a line for each thing.

use super::{BuiltinReport, Count, Format, Item, Memory, Module, Report, Table};
use std::fmt::{Display, Formatter, Result};

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "{}", self.format)?;
        if !self.builtins.is_empty() {
            writeln!(f, "\nbuilt-ins:")?;
            let name_width = self.builtins.iter().map(|builtin| builtin.name.len()).max();
            for builtin in &self.builtins {
                let width = name_width.unwrap_or_default();
                let line = format!("{:width$}  {:>3}  {}", builtin.name, builtin.count, how(builtin));
                writeln!(f, "  {}", line.trim_end())?;
            }
        }
        if !self.context.is_empty() {
            writeln!(f, "\ncontext slots:")?;
            for slot in &self.context {
                let uses = [("get", slot.get), ("set", slot.set)];
                writeln!(f, "  {}  {}  {}", slot.slot, slot.ty, list(&uses))?;
            }
        }
        if !self.modules.is_empty() {
            let heading = match self.format {
                Format::Component => "core modules",
                Format::Module => "items",
            };
            writeln!(f, "\n{heading}:")?;
            for (module, number) in self.modules.iter().zip(0..) {
                match (self.format, &module.name) {
                    (Format::Component, Some(name)) => writeln!(f, "  {number} ${}", name.escape_debug())?,
                    (Format::Component, None) => writeln!(f, "  {number}")?,
                    (Format::Module, _) => {}
                }
                module.write(f, self.format)?;
            }
        }
        items(f, "imports", &self.imports)?;
        items(f, "exports", &self.exports)
    }
}

impl Display for Format {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Format::Component => "component",
            Format::Module => "core module",
        })
    }
}

impl Module {
    fn write(&self, f: &mut Formatter<'_>, format: Format) -> Result {
        let indent = match format {
            Format::Component => "      ",
            Format::Module => "  ",
        };
        for (memory, number) in self.memories.iter().zip(0..) {
            writeln!(f, "{indent}memory {number}: {memory}")?;
        }
        for (table, number) in self.tables.iter().zip(0..) {
            writeln!(f, "{indent}table {number}: {table}")?;
        }
        let counts = [
            ("functions", self.functions),
            ("globals", self.globals),
            ("tags", self.tags),
            ("types", self.types),
        ];
        for (name, count) in counts.into_iter().filter(|(_, count)| count.total > 0) {
            writeln!(f, "{indent}{name}: {count}")?;
        }
        Ok(())
    }
}

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Count { total, shared: 0 } => write!(f, "{total}"),
            Count { total, shared } if shared == total => write!(f, "{total}, all shared"),
            Count { total, shared } => write!(f, "{total}, {shared} of them shared"),
        }
    }
}

impl Display for Memory {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        range(f, self.minimum, self.maximum)?;
        write!(f, " pages")?;
        if self.page_size != 65536 {
            write!(f, " of {} bytes", self.page_size)?;
        }
        attributes(f, self.index, self.shared, self.imported)
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        range(f, self.minimum, self.maximum)?;
        write!(f, " of {}", self.element)?;
        attributes(f, self.index, self.shared, self.imported)
    }
}

fn range(f: &mut Formatter<'_>, minimum: u64, maximum: Option<u64>) -> Result {
    match maximum {
        Some(maximum) => write!(f, "{minimum} to {maximum}"),
        None => write!(f, "{minimum} or more"),
    }
}

fn attributes(f: &mut Formatter<'_>, index: &str, shared: bool, imported: bool) -> Result {
    let attributes = [("64-bit", index == "i64"), ("shared", shared), ("imported", imported)];
    match list(&attributes) {
        words if words.is_empty() => Ok(()),
        words => write!(f, ", {words}"),
    }
}

/// How a built-in starts threads.
fn how(builtin: &BuiltinReport) -> String {
    let shared = builtin.shared.map(|shared| match shared {
        true => "shared",
        false => "not shared",
    });
    let argument = builtin.argument.as_ref().map(|ty| format!("{ty} argument"));
    let parts: Vec<&str> = shared.into_iter().chain(argument.as_deref()).collect();
    parts.join(", ")
}

fn list(words: &[(&str, bool)]) -> String {
    let words = words.iter().filter(|(_, is_there)| *is_there).map(|(word, _)| *word);
    words.collect::<Vec<_>>().join(", ")
}

fn items(f: &mut Formatter<'_>, heading: &str, items: &[Item]) -> Result {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{heading}:")?;
    for item in items {
        // Names may hold what a terminal would obey.
        let name = item.name.escape_debug();
        match &item.module {
            Some(module) => write!(f, "  {} `{}` `{name}`", item.kind, module.escape_debug())?,
            None => write!(f, "  {} `{name}`", item.kind)?,
        }
        match &item.ty {
            Some(ty) => writeln!(f, ": {ty}")?,
            None => writeln!(f)?,
        }
    }
    Ok(())
}
