//! Prints the output of the passes, for people who debug a component or a pass.
//!
//! **Before:** a binary, or a [`Plan`]. **After:** text: a binary's in the text format, a plan's with a line for each item.
//!
//! **Rejected:** the plan as JSON, which `serde` would give: a line for each item is what a person compares.

use crate::builtins::CanonicalBuiltin;
use crate::error::LowerError;
use crate::panics::panic_message;
use crate::plan::{
    Builtin, CanonicalOptions, CoreExport, CoreItem, CoreTable, Definition, Export, ExportedModule, OptionMemory, Plan,
    ResourceName, ResourceType, StartTable, ThreadEffect,
};
use std::fmt::{self, Display, Formatter};
use std::panic::catch_unwind;
use weft_abi::{AddressWidth, FuncIndex, StringEncoding, Types, ValType};

/// The text of a binary.
pub(crate) fn print(binary: &[u8]) -> Result<String, LowerError> {
    match catch_unwind(|| wasmprinter::print_bytes(binary)) {
        Ok(printed) => printed.map_err(|error| LowerError::Print(format!("{error:#}"))),
        Err(panic) => Err(LowerError::Print(format!(
            "the printer panicked: {}",
            panic_message(&*panic)
        ))),
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
        self.fmt_items(f)?;
        writeln!(f, "arguments")?;
        for argument in &self.arguments {
            writeln!(f, "  {}", definition(argument))?;
        }
        if let Some(memory) = self.waiter_counts {
            writeln!(f, "counts of waiters in memory {}", memory.0)?;
        }
        for slot in &self.context_slots {
            writeln!(f, "context slot {slot:?}")?;
        }
        for one in &self.exports {
            export(one, &self.types, f)?;
        }
        for one in &self.core_exports.items {
            writeln!(f, "{}", core_export(one))?;
        }
        if let Some(entry) = &self.core_exports.entry {
            let overlap = if entry.shared { ", calls overlap" } else { "" };
            writeln!(
                f,
                "host calls begin with {:?} and end with {:?}{overlap}",
                entry.enter, entry.leave
            )?;
        }
        if self.threaded.len() > 1 {
            for (instance, table) in self.threaded.iter().zip(1..) {
                writeln!(f, "thread table {table}: instance {}", instance.0)?;
            }
        }
        for (instances, home) in self.homes.iter().zip(1..) {
            let instances = instances.iter().map(|instance| instance.0.to_string());
            writeln!(f, "home {home}: instances {}", instances.collect::<Vec<_>>().join(", "))?;
        }
        for name in &self.unsupplied {
            writeln!(f, "not supplied {name:?}")?;
        }
        Ok(())
    }
}

impl Plan {
    /// What the plan numbers.
    fn fmt_items(&self, f: &mut Formatter<'_>) -> fmt::Result {
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
        for (index, one) in self.options.iter().enumerate() {
            writeln!(f, "options {index}: {}", options(one))?;
        }
        for (index, ty) in self.resource_types.iter().enumerate() {
            writeln!(f, "resource type {index}: {}", resource_type(ty))?;
        }
        for (index, view) in self.resources.iter().enumerate() {
            if let Some(view) = view {
                let (instance, ty) = (view.instance.0, view.ty.0);
                writeln!(f, "resource {index}: instance {instance}, resource type {ty}")?;
            }
        }
        for (what, names) in [("equal", &self.equal_resources), ("export", &self.exported_resources)] {
            for ResourceName { path, ty } in names {
                writeln!(f, "{what} {path:?}: resource type {}", ty.0)?;
            }
        }
        for ExportedModule { path, wasm } in &self.exported_modules {
            writeln!(f, "export {path:?}: core module of {} bytes", wasm.len())?;
        }
        for (index, import) in self.functions.iter().enumerate() {
            writeln!(f, "function {index}: {:?}", import.path)?;
        }
        for (index, lowered) in self.lowered.iter().enumerate() {
            let ty = func(&self.types, lowered.ty);
            let (function, options) = (lowered.function.0, lowered.options.0);
            let allocates = if lowered.allocates { ", allocates" } else { "" };
            writeln!(
                f,
                "lowered {index}: function {function}{ty}, options {options}{allocates}"
            )?;
        }
        Ok(())
    }
}

fn core_export(export: &CoreExport) -> String {
    let shared = if export.shared { "" } else { ", unshared" };
    let item = match &export.item {
        CoreItem::Function(_) => "function".to_owned(),
        CoreItem::Memory(OptionMemory::Planned(memory)) => format!("memory {}", memory.0),
        CoreItem::Memory(OptionMemory::Unshared { .. }) => "memory".to_owned(),
        CoreItem::Table(CoreTable::Written(table)) => format!("table {}", table.0),
        CoreItem::Table(CoreTable::Fixed(_)) => "table".to_owned(),
    };
    format!("core export {:?}: {item}{shared}", export.name)
}

fn resource_type(ty: &ResourceType) -> String {
    match ty {
        ResourceType::Imported { path } => format!("imported {path:?}"),
        ResourceType::Defined { instance, destructor } => match destructor {
            Some(destructor) => format!("defined by instance {}, destructor {:?}", instance.0, destructor.export),
            None => format!("defined by instance {}", instance.0),
        },
    }
}

fn definition(definition: &Definition) -> String {
    match definition {
        Definition::Memory(memory) => format!("memory {}", memory.0),
        Definition::Import(import, name) => format!("import {} {name:?}", import.0),
        Definition::Lowered(lowered) => format!("lowered {}", lowered.0),
        Definition::Builtin(builtin) => match builtin.thread_effect() {
            ThreadEffect::Start(Some(table), start) => {
                format!("{builtin}, {}, type {:?}", start_table(table), start.export)
            }
            ThreadEffect::Start(None, start) => format!("{builtin}, type {:?}", start.export),
            ThreadEffect::Switch | ThreadEffect::None => builtin.to_string(),
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

/// How many levels of a type are printed. Types that refer to each other can expand to very large ones.
const TYPE_LEVELS: u32 = 4;

/// A function's type.
fn func(types: &Types, ty: FuncIndex) -> String {
    let func = &types[ty];
    let parameters = func.params.iter();
    let parameters = parameters.map(|param| format!("{}: {}", param.name, val_type(types, param.item.ty, TYPE_LEVELS)));
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    match func.result {
        Some(ty) => format!("({parameters}) -> {}", val_type(types, ty, TYPE_LEVELS)),
        None => format!("({parameters})"),
    }
}

/// A type with its parts, down to this many levels.
fn val_type(types: &Types, ty: ValType, levels: u32) -> String {
    let Some(inner) = levels.checked_sub(1) else {
        return "..".to_owned();
    };
    let part = |ty| val_type(types, ty, inner);
    let payload = |name: &str, ty: Option<ValType>| match ty {
        Some(ty) => format!("{name}({})", part(ty)),
        None => name.to_owned(),
    };
    let list = |parts: Vec<String>| parts.join(", ");
    match ty {
        ValType::List(index) => format!("list<{}>", part(types[index].element)),
        ValType::FixedLengthList(index) => format!("list<{}, {}>", part(types[index].element), types[index].length),
        ValType::Map(index) => format!("map<{}, {}>", part(types[index].key.ty), part(types[index].value.ty)),
        ValType::Option(index) => format!("option<{}>", part(types[index].some)),
        ValType::Tuple(index) => {
            let items = types[index].items.iter();
            format!("tuple<{}>", list(items.map(|item| part(item.ty)).collect()))
        }
        ValType::Record(index) => {
            let fields = types[index].fields.iter();
            let fields = fields.map(|field| format!("{}: {}", field.name, part(field.item.ty)));
            format!("record {{ {} }}", list(fields.collect()))
        }
        ValType::Variant(index) => {
            let cases = types[index].cases.iter().zip(&types[index].payloads);
            format!(
                "variant {{ {} }}",
                list(cases.map(|(name, ty)| payload(name, *ty)).collect())
            )
        }
        ValType::Enum(index) => format!(
            "enum {{ {} }}",
            list(types[index].cases.iter().map(str::to_owned).collect())
        ),
        ValType::Flags(index) => format!(
            "flags {{ {} }}",
            list(types[index].names.iter().map(str::to_owned).collect())
        ),
        ValType::Result(index) => {
            let (ok, error) = (types[index].ok, types[index].error);
            match ok.or(error) {
                Some(_) => format!("result {{ {}, {} }}", payload("ok", ok), payload("error", error)),
                None => "result".to_owned(),
            }
        }
        ValType::Bool
        | ValType::S8
        | ValType::U8
        | ValType::S16
        | ValType::U16
        | ValType::S32
        | ValType::U32
        | ValType::S64
        | ValType::U64
        | ValType::Float32
        | ValType::Float64
        | ValType::Char
        | ValType::String
        | ValType::Own(_)
        | ValType::Borrow(_)
        | ValType::Unsupported(_) => types.display(ty).to_string(),
    }
}

fn export(export: &Export, types: &Types, f: &mut Formatter<'_>) -> fmt::Result {
    let shared = if export.shared { "shared " } else { "" };
    writeln!(f, "export {:?}: {shared}{}", export.path, func(types, export.ty))?;
    writeln!(f, "  {:?}, options {}", export.function, export.options.0)?;
    match &export.post_return {
        Some(function) => writeln!(f, "  post-return {function:?}"),
        None => Ok(()),
    }
}

fn option_memory(memory: &OptionMemory) -> String {
    match memory {
        OptionMemory::Planned(memory) => format!("memory {}", memory.0),
        OptionMemory::Unshared { export } => format!("memory {export:?}"),
    }
}

fn options(options: &CanonicalOptions) -> String {
    let mut text = format!("instance {}", options.instance.0);
    if let Some(memory) = &options.memory {
        text += &format!(", {}", option_memory(memory));
        text += match options.form.width {
            AddressWidth::W32 => " of 32 bits",
            AddressWidth::W64 => " of 64 bits",
        };
    }
    if let Some(realloc) = &options.realloc {
        text += &format!(", realloc {realloc:?}");
    }
    text + match options.form.encoding {
        StringEncoding::Utf8 => ", utf8",
        StringEncoding::Utf16 => ", utf16",
        StringEncoding::Latin1OrUtf16 => ", latin1+utf16",
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
            Builtin::Transcode { transcoding, from, to } => {
                return write!(
                    f,
                    "{transcoding:?} from {} to {}",
                    option_memory(from),
                    option_memory(to)
                );
            }
            Builtin::StoreResult(AddressWidth::W32) => return f.write_str("store-result"),
            Builtin::StoreResult(AddressWidth::W64) => return f.write_str("store-result of 64 bits"),
            Builtin::Trap => return f.write_str("trap"),
            Builtin::EnterInstance(table) => return write!(f, "enter-instance {}", table.0),
            Builtin::ExitInstance => return f.write_str("exit-instance"),
            Builtin::EnterExclusively(instance) => return write!(f, "enter-exclusively {}", instance.0),
            Builtin::ExitExclusively => return f.write_str("exit-exclusively"),
            Builtin::CallExclusively { instance, export } => {
                return write!(f, "call-exclusively {} {export}", instance.0);
            }
            Builtin::FunctionHandle => return f.write_str("function-handle"),
            Builtin::GrowTable(table) => return write!(f, "table.grow {}", table.0),
            Builtin::ReserveTable => return f.write_str("reserve-table"),
            Builtin::ResourceNew(resource) => return write!(f, "resource.new {}", resource.0),
            Builtin::ResourceRep(resource) => return write!(f, "resource.rep {}", resource.0),
            Builtin::ResourceDrop(resource) => return write!(f, "resource.drop {}", resource.0),
            Builtin::ResourceRemove(resource) => return write!(f, "resource.remove {}", resource.0),
            Builtin::TransferOwn => return f.write_str("transfer-own"),
            Builtin::TransferBorrow => return f.write_str("transfer-borrow"),
            Builtin::EndBorrows => return f.write_str("end-borrows"),
        };
        f.write_str(canonical.name())
    }
}
