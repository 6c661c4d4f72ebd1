//! A plan as text: one line an item.

use std::fmt::Write;
use weft_lower::plan::{Builtin, Definition, Export, Plan, StartTable, ValueType};

pub fn render(plan: &Plan) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(plan, &mut text);
    text
}

fn write(plan: &Plan, text: &mut String) -> std::fmt::Result {
    for (index, memory) in plan.memories.iter().enumerate() {
        let width = if memory.memory64 { 64 } else { 32 };
        let hidden = if memory.hidden { ", hidden" } else { "" };
        let unshared = if memory.shared { "" } else { ", unshared" };
        writeln!(
            text,
            "memory {index}: {width} bits, {} to {} pages{hidden}{unshared}",
            memory.minimum, memory.maximum
        )?;
    }
    for (index, table) in plan.tables.iter().enumerate() {
        let width = if table.table64 { 64 } else { 32 };
        writeln!(
            text,
            "table {index}: {width} bits, at most {} elements, in memory {}",
            table.maximum, table.memory.0
        )?;
    }
    for (index, import) in plan.imports.iter().enumerate() {
        write!(text, "import {index}: {:?} uses {:?}", import.name, import.uses)?;
        match import.memory {
            Some(memory) => writeln!(text, " takes memory {}", memory.0)?,
            None => writeln!(text)?,
        }
    }
    writeln!(
        text,
        "arguments{}",
        if plan.initialize { ", initialized once" } else { "" }
    )?;
    for argument in &plan.arguments {
        writeln!(text, "  {}", definition(argument))?;
    }
    for slot in &plan.context_slots {
        writeln!(text, "context slot {slot:?}")?;
    }
    for one in &plan.exports {
        export(one, text)?;
    }
    Ok(())
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

fn export(export: &Export, text: &mut String) -> std::fmt::Result {
    let parameters = export.parameters.iter();
    let parameters = parameters.map(|(name, ty)| format!("{name}: {}", value_type(ty)));
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    let result = match &export.result {
        Some(ty) => format!(" -> {}", value_type(ty)),
        None => String::new(),
    };
    writeln!(text, "export {:?}: ({parameters}){result}", export.path)?;
    writeln!(text, "  {:?}", export.function)?;
    match &export.post_return {
        Some(function) => writeln!(text, "  post-return {function:?}"),
        None => Ok(()),
    }
}

fn value_type(ty: &ValueType) -> String {
    match ty {
        ValueType::Other(kind) => format!("unsupported {kind}"),
        other => format!("{other:?}").to_lowercase(),
    }
}
