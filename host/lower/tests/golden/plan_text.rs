//! A plan as text: one line an item, an instance's arguments indented below it.

use std::fmt::Write;
use weft_lower::plan::{Builtin, CoreExport, Definition, Export, Plan, ValueType};

pub fn render(plan: &Plan) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(plan, &mut text);
    text
}

fn write(plan: &Plan, text: &mut String) -> std::fmt::Result {
    for (index, memory) in plan.memories.iter().enumerate() {
        let width = if memory.memory64 { 64 } else { 32 };
        writeln!(
            text,
            "memory {index}: {width} bits, {} to {} pages",
            memory.minimum, memory.maximum
        )?;
    }
    for (index, import) in plan.imports.iter().enumerate() {
        write!(text, "import {index}: {:?} uses {:?}", import.name, import.uses)?;
        match import.memory {
            Some(memory) => writeln!(text, " takes memory {}", memory.0)?,
            None => writeln!(text)?,
        }
    }
    for (index, instance) in plan.instances.iter().enumerate() {
        let initialize = match plan.modules.get(instance.module.index()) {
            Some(module) if module.initialize => ", initialized once",
            _ => "",
        };
        writeln!(text, "instance {index}: module {}{initialize}", instance.module.0)?;
        for argument in &instance.arguments {
            writeln!(text, "  {}", definition(argument))?;
        }
    }
    if let Some(context) = plan.context {
        writeln!(text, "context: instance {}", context.0)?;
    }
    for one in &plan.exports {
        export(one, text)?;
    }
    Ok(())
}

fn definition(definition: &Definition) -> String {
    match definition {
        Definition::Memory(memory) => format!("memory {}", memory.0),
        Definition::Export(export) => core_export(export),
        Definition::Import(import, name) => format!("import {} {name:?}", import.0),
        Definition::Builtin(Builtin::SpawnIndirect(table)) => format!("spawn-indirect, table {}", core_export(table)),
        Definition::Builtin(Builtin::ThreadIndex) => "thread index".to_owned(),
        Definition::Builtin(Builtin::AvailableParallelism) => "available parallelism".to_owned(),
        Definition::Builtin(Builtin::Wait32(memory)) => format!("wait32, memory {}", memory.0),
        Definition::Builtin(Builtin::Wait64(memory)) => format!("wait64, memory {}", memory.0),
        Definition::Builtin(Builtin::Notify(memory)) => format!("notify, memory {}", memory.0),
        Definition::Builtin(Builtin::IsSegmentDropped(instance)) => {
            format!("is segment dropped, instance {}", instance.0)
        }
        Definition::Builtin(Builtin::DropSegment(instance)) => format!("drop segment, instance {}", instance.0),
    }
}

fn core_export(export: &CoreExport) -> String {
    format!("instance {} {:?}", export.instance.0, export.name)
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
    writeln!(text, "  {}", core_export(&export.function))?;
    match &export.post_return {
        Some(function) => writeln!(text, "  post-return {}", core_export(function)),
        None => Ok(()),
    }
}

fn value_type(ty: &ValueType) -> String {
    match ty {
        ValueType::Other(kind) => format!("unsupported {kind}"),
        other => format!("{other:?}").to_lowercase(),
    }
}
