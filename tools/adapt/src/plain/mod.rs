//! Modules without threads: nothing in them becomes shared, and their code does not change.
//!
//! **Problem.** Threads can share only numbers, vectors and references to functions. A module without threads may use all of
//! WebAssembly 3.0. **Before:**
//!
//! ```wat
//! (module
//!   (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
//!   (memory (export "memory") 1)
//!   (global $last (mut externref) (ref.null extern))
//!   (func (export "_start") ..))
//! ```
//!
//! **After:** the core module `$main` is the same except for its memories, which a core module `$state` defines if
//! there are host modules: these need the memory before `$main` can import their functions. Imported tables, and
//! imported memories where there are no host modules, are defined in `$main`. The core module `$entries` makes a `run`
//! of `_start`.
//!
//! ```wat
//! (core module $main (import "$state" "memory" (memory 1)) ..)
//! (core module $entries
//!   (import "main" "_start" (func $start))
//!   (func (export "_start") (result i32) (call $start) (i32.const 0)))
//! ```
//!
//! No index changes, so everything else is copied. A core module of a component cannot import one name twice, so the second import
//! gets another name. If a host's function has another type than the import, `$main` imports a function between the two: see
//! `trampolines`.
//!
//! **Rejected:** adding `run` to `$main` (weft would have to rewrite all types, functions, exports, code and names of
//! the module).

pub(crate) mod import_names;
pub(crate) mod trampolines;

use crate::builtin::ROOT;
use crate::component::export;
use crate::component::hosts::import_hosts;
use crate::component::writer::Writer;
use crate::error::AdaptError;
use crate::index::MemoryIndex;
use crate::input::info::ModuleInfo;
use crate::input::spawns::can_spawn;
use crate::main_module::core_exports;
use crate::main_module::debug::source_debug_sections;
use crate::package;
use crate::plain::import_names::Names;
use crate::plain::trampolines::{Trampolines, encode_entries, needs_entry};
use crate::plan::exports::Exports;
use crate::plan::imports::{Imports, STATE};
use crate::plan::memory_and_table::{HostMemory, host_memory, memory_name};
use crate::rewrite::Rewriter;
use crate::state::Exported;
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CustomSection, EntityType, ExportKind, ExportSection, ImportSection, MemorySection, MemoryType, Module, RawSection,
    SectionId, TableSection,
};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef};

/// Whether a module needs no threads, so that this file adapts it: it imports no built-in, and it does not import
/// `wasi.thread-spawn` or cannot call it.
pub(crate) fn takes(info: &ModuleInfo<'_>) -> Result<bool, AdaptError> {
    let is_builtin = |module: &str, name: &str| {
        package::is_of_package(module) || (module == ROOT && !info.is_of_world(module, name))
    };
    let imports_builtin = info.imports.iter().any(|import| is_builtin(import.module, import.name));
    Ok(!imports_builtin && !can_spawn(info)?)
}

/// Adapts a module that needs no threads.
pub(crate) fn adapt(info: &ModuleInfo<'_>, wasm: &[u8]) -> Result<Vec<u8>, AdaptError> {
    let imports = Imports::new(info)?;
    let exports = Exports::new(info, None)?;
    let memory = host_memory(info, !imports.hosts.is_empty())?;
    check_pointers(info, &imports, memory)?;
    let state = state(info, memory)?;
    let trampolines = Trampolines::new(info, &imports)?;
    let names = Names::new(&imports, &trampolines)?;
    let mut writer = Writer::default();
    let mut arguments = Vec::new();
    let mut instances = BTreeMap::new();
    if let Some(host_memory) = state.iter().find(|memory| memory.name == "memory") {
        let module = writer.core_module("state", &state_module(&state));
        let instance = writer.instantiate("state", module, &[]);
        arguments.push((STATE, instance));
        let memory = (instance, host_memory);
        let hosts = import_hosts(&mut writer, info, &imports.hosts, memory, &mut Rewriter::unshared())?;
        instances.extend(imports.hosts.iter().map(|host| host.name).zip(hosts));
    }
    let between = match trampolines.is_empty() {
        true => None,
        false => {
            let module = writer.core_module("trampolines", &trampolines.encode(info, &imports)?);
            let called = instances.iter().filter(|(host, _)| trampolines.call_host(host));
            let called: Vec<_> = called.map(|(host, instance)| (*host, *instance)).collect();
            Some(writer.instantiate("trampolines", module, &called))
        }
    };
    let hosts = imports.hosts.iter().map(|host| host.name);
    let others = names.rearranged.iter().copied();
    let others = others.filter(|module| !instances.contains_key(module));
    for module in hosts.chain(others) {
        let host = instances.get(module).copied();
        let argument = names.argument(&mut writer, &imports, module, host, between)?;
        arguments.push((module, argument));
    }
    let main = main_module(info, names, memory, wasm)?;
    let main = writer.core_module("main", &main);
    let main = writer.instantiate("main", main, &arguments);
    export_entries(&mut writer, info, &exports, main)?;
    Ok(writer.finish())
}

/// Exports functions of `$main`, some of them through `$entries`.
fn export_entries(
    writer: &mut Writer,
    info: &ModuleInfo<'_>,
    exports: &Exports<'_>,
    main: u32,
) -> Result<(), AdaptError> {
    let mut wrapped = Vec::new();
    for entry in &exports.entries {
        if needs_entry(info, entry)? {
            wrapped.push(entry);
        }
    }
    let mut instance = main;
    if !wrapped.is_empty() {
        let module = writer.core_module("entries", &encode_entries(info, &wrapped)?);
        instance = writer.instantiate("entries", module, &[("main", main)]);
    }
    for entry in &exports.entries {
        let instance = match needs_entry(info, entry)? {
            true => instance,
            false => main,
        };
        export(writer, (instance, entry.name), &entry.kind);
    }
    Ok(())
}

/// Refuses functions of WASI preview 1 with 64-bit pointers, as compilers for wasm64 import them. The ABI has 32-bit pointers, which
/// work with 64-bit memories too.
fn check_pointers(info: &ModuleInfo<'_>, imports: &Imports<'_>, memory: HostMemory) -> Result<(), AdaptError> {
    /// The functions that take other 64-bit numbers.
    const WIDE: [&str; 12] = [
        "clock_time_get",
        "fd_advise",
        "fd_allocate",
        "fd_fdstat_set_rights",
        "fd_filestat_set_size",
        "fd_filestat_set_times",
        "fd_pread",
        "fd_pwrite",
        "fd_readdir",
        "fd_seek",
        "path_filestat_set_times",
        "path_open",
    ];
    let HostMemory::Input(index) = memory else {
        return Ok(());
    };
    if !info
        .memories
        .get(index.0 as usize)
        .is_some_and(|memory| memory.memory64)
    {
        return Ok(());
    }
    for (module, name, func) in &imports.host_functions {
        let is_wasi = matches!(*module, "wasi_snapshot_preview1" | "wasi_unstable");
        let takes_wide = |ty: &wasmparser::FuncType| ty.params().contains(&wasmparser::ValType::I64);
        if is_wasi && !WIDE.contains(name) && takes_wide(info.function_type(*func)?) {
            let (module, name) = (module.to_string(), name.to_string());
            return Err(AdaptError::WidePointers { module, name });
        }
    }
    Ok(())
}

/// The memories that `$state` defines, that of host modules among them as `memory`. `None` if there are no host modules.
fn state(info: &ModuleInfo<'_>, memory: HostMemory) -> Result<Vec<Exported<MemoryType>>, AdaptError> {
    let host = match memory {
        HostMemory::None => return Ok(Vec::new()),
        HostMemory::Input(index) => index,
        HostMemory::Empty => {
            let ty = MemoryType {
                minimum: 0,
                maximum: Some(0),
                memory64: false,
                shared: false,
                page_size_log2: None,
            };
            let name = "memory".to_string();
            return Ok(vec![Exported { name, ty }]);
        }
    };
    let memories = (0..).map(MemoryIndex).zip(&info.memories);
    let memories = memories.map(|(index, ty)| -> Result<_, AdaptError> {
        let name = memory_name(index, index == host);
        let ty = RoundtripReencoder.memory_type(*ty)?;
        Ok(Exported { name, ty })
    });
    memories.collect()
}

fn state_module(state: &[Exported<MemoryType>]) -> Module {
    let (mut memories, mut exports) = (MemorySection::new(), ExportSection::new());
    for (index, memory) in (0..).zip(state) {
        memories.memory(memory.ty);
        exports.export(&memory.name, ExportKind::Memory, index);
    }
    let mut module = Module::new();
    module.section(&memories).section(&exports);
    module
}

/// `$main`: the input, with other imports, memories and tables.
fn main_module(info: &ModuleInfo<'_>, names: Names<'_>, memory: HostMemory, wasm: &[u8]) -> Result<Module, AdaptError> {
    /// In the order of the binary format.
    const ORDER: [SectionId; 13] = [
        SectionId::Type,
        SectionId::Import,
        SectionId::Function,
        SectionId::Table,
        SectionId::Memory,
        SectionId::Tag,
        SectionId::Global,
        SectionId::Export,
        SectionId::Start,
        SectionId::Element,
        SectionId::DataCount,
        SectionId::Code,
        SectionId::Data,
    ];
    let (mut raw, mut custom) = (BTreeMap::new(), Vec::new());
    let mut tables = imported_tables(info)?;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::TableSection(section) => RoundtripReencoder.parse_table_section(&mut tables, section.clone())?,
            Payload::CustomSection(section) if is_kept(section.name()) => custom.push(CustomSection {
                name: section.name().into(),
                data: section.data().into(),
            }),
            Payload::CustomSection(_) => {}
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data = wasm.get(range).ok_or_else(|| AdaptError::missing("section", id))?;
                    raw.insert(id, RawSection { id, data });
                }
            }
        }
    }
    let imports = import_section(info, names, memory)?;
    let memories = memory_section(info, memory)?;
    let exports = export_section(info)?;
    let mut module = Module::new();
    if info.keeps_debug_info {
        // The code stays as it is, so that its sections do, too.
        custom.extend(source_debug_sections(info));
    }
    for id in ORDER {
        match id {
            SectionId::Import if imports.is_empty() => {}
            SectionId::Import => {
                module.section(&imports);
            }
            SectionId::Table if tables.is_empty() => {}
            SectionId::Table => {
                module.section(&tables);
            }
            SectionId::Memory if memories.is_empty() => {}
            SectionId::Memory => {
                module.section(&memories);
            }
            SectionId::Export => {
                module.section(&exports);
            }
            id => {
                if let Some(section) = raw.get(&u8::from(id)) {
                    module.section(section);
                }
            }
        }
    }
    for section in &custom {
        module.section(section);
    }
    Ok(module)
}

/// The module's exports, and those for the host.
fn export_section(info: &ModuleInfo<'_>) -> Result<ExportSection, AdaptError> {
    let mut exports = ExportSection::new();
    for export in &info.exports {
        let kind = match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
            ExternalKind::Table => ExportKind::Table,
            ExternalKind::Memory => ExportKind::Memory,
            ExternalKind::Global => ExportKind::Global,
            ExternalKind::Tag => ExportKind::Tag,
        };
        exports.export(export.name, kind, export.index);
    }
    core_exports::export(&mut exports, info, |_, index| Ok(index), None)?;
    Ok(exports)
}

/// Whether a custom section stays valid when the module is part of another.
fn is_kept(name: &str) -> bool {
    matches!(name, "name" | "producers" | "target_features")
}

fn imported_tables(info: &ModuleInfo<'_>) -> Result<TableSection, AdaptError> {
    let mut tables = TableSection::new();
    for import in &info.imports {
        if let TypeRef::Table(ty) = import.ty {
            tables.table(RoundtripReencoder.table_type(ty)?);
        }
    }
    Ok(tables)
}

fn import_section(info: &ModuleInfo<'_>, names: Names<'_>, memory: HostMemory) -> Result<ImportSection, AdaptError> {
    let mut section = ImportSection::new();
    let mut names = names.functions.into_iter();
    for import in &info.imports {
        match import.ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                let name = names.next();
                let name = name.ok_or_else(|| AdaptError::missing("name of the import", import.name))?;
                section.import(name.module, &name.name, EntityType::Function(ty));
            }
            TypeRef::Global(ty) => {
                section.import(import.module, import.name, RoundtripReencoder.global_type(ty)?);
            }
            // Tables and memories are defined here or in `$state`, and imported tags are refused.
            TypeRef::Table(_) | TypeRef::Memory(_) | TypeRef::Tag(_) => {}
        }
    }
    if let HostMemory::Input(_) = memory {
        for memory in state(info, memory)? {
            section.import(STATE, &memory.name, memory.ty);
        }
    }
    Ok(section)
}

/// The memories, if no host modules need one.
fn memory_section(info: &ModuleInfo<'_>, memory: HostMemory) -> Result<MemorySection, AdaptError> {
    let mut section = MemorySection::new();
    if memory == HostMemory::None {
        for ty in &info.memories {
            section.memory(RoundtripReencoder.memory_type(*ty)?);
        }
    }
    Ok(section)
}
