//! The component: `$state`, host modules and `$main`, wired.
//!
//! ```wat
//! (component
//!   (core module $state ..)
//!   (core instance $state (instantiate $state))
//!   (alias core export $state "memory" (core memory $memory))
//!   (core instance $host-env (export "memory" (memory $memory)))
//!   (import "wasi-snapshot-preview1" (core module $wasi-snapshot-preview1
//!     (import "env" "memory" (memory 17 16384 shared)) (export "fd_write" (func ..))))
//!   (core instance $wasi-snapshot-preview1 (instantiate $wasi-snapshot-preview1 (with "env" (instance $host-env))))
//!   (core type $start (shared (func (param i32))))
//!   (core func (canon thread.spawn-indirect $start (core table $threads)))      ;; and the other built-ins
//!   (core instance $root (export "[thread-index]" (func ..)) ..)
//!   (core module $main ..)
//!   (core instance $main (instantiate $main (with "$state" (instance $state)) (with "$root" (instance $root))
//!     (with "wasi_snapshot_preview1" (instance $wasi-snapshot-preview1))))
//!   (alias core export $main "_start" (core func $run))
//!   (func $run (result (result)) (canon lift (core func $run)))
//!   (instance $run (export "run" (func $run)))
//!   (export "wasi:cli/run@0.2.6" (instance $run)))
//! ```
//!
//! The encoding is that of today's wasm-tools, whose `thread.spawn-indirect` has no `shared?` byte. Canonical
//! built-ins are imported, and functions lifted, at shared types, which the specification does not define yet: see
//! docs/extensions.md.

use crate::builtin::{Builtin, ROOT, Switch};
use crate::error::AdaptError;
use crate::exports::EntryKind;
use crate::imports::{HostModule, STATE};
use crate::index::MainTable;
use crate::info::{ModuleInfo, names_type};
use crate::main_module::{converted_func, shared_func};
use crate::plan::Plan;
use crate::rewrite::Rewriter;
use crate::state::{Exported, State};
use crate::world::{World, splice};
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    Alias, CanonicalFunctionSection, Component, ComponentAliasSection, ComponentExportKind, ComponentExportSection,
    ComponentImportSection, ComponentInstanceSection, ComponentNameSection, ComponentSection, ComponentTypeRef,
    ComponentTypeSection, ComponentValType, CoreTypeSection, EntityType, ExportKind, InstanceSection, MemoryType,
    Module, ModuleArg, ModuleSection, ModuleType, NameMap, PrimitiveValType, ValType,
};

/// The interface of commands.
const RUN: &str = "wasi:cli/run@0.2.6";

/// An index space of the component, with the names of what is in it.
#[derive(Default)]
pub(crate) struct Space {
    next: u32,
    names: NameMap,
}

impl Space {
    fn add(&mut self, name: &str) -> u32 {
        self.names.append(self.next, name);
        self.next += 1;
        self.next - 1
    }

    /// Adds items without names, such as exports, which have one already.
    pub(crate) fn skip(&mut self, count: u32) {
        self.next += count;
    }

    /// Adds an item without a name.
    pub(crate) fn skip_one(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }
}

/// Writes a component, one definition a section: `ComponentBuilder` of wasm-encoder has neither
/// `thread.spawn-indirect` nor instances made of exports.
#[derive(Default)]
pub(crate) struct Writer {
    component: Component,
    core_modules: Space,
    core_instances: Space,
    core_types: Space,
    core_memories: Space,
    core_tables: Space,
    core_globals: Space,
    pub(crate) core_funcs: Space,
    /// Whose names have no place in the binary format.
    core_tags: Space,
    pub(crate) types: Space,
    pub(crate) funcs: Space,
    pub(crate) instances: Space,
}

impl Writer {
    pub(crate) fn section(&mut self, section: &impl ComponentSection) {
        self.component.section(section);
    }

    pub(crate) fn core_module(&mut self, name: &str, module: &Module) -> u32 {
        self.section(&ModuleSection(module));
        self.core_modules.add(name)
    }

    pub(crate) fn instantiate(&mut self, name: &str, module: u32, args: &[(&str, u32)]) -> u32 {
        let mut section = InstanceSection::new();
        section.instantiate(
            module,
            args.iter()
                .map(|(name, instance)| (*name, ModuleArg::Instance(*instance))),
        );
        self.section(&section);
        self.core_instances.add(name)
    }

    pub(crate) fn core_instance(&mut self, name: &str, exports: &[(&str, ExportKind, u32)]) -> u32 {
        let mut section = InstanceSection::new();
        section.export_items(exports.iter().copied());
        self.section(&section);
        self.core_instances.add(name)
    }

    pub(crate) fn alias(&mut self, instance: u32, kind: ExportKind, name: &str) -> u32 {
        let mut section = ComponentAliasSection::new();
        section.alias(Alias::CoreInstanceExport { instance, kind, name });
        self.section(&section);
        match kind {
            ExportKind::Memory => self.core_memories.add(name),
            ExportKind::Table => self.core_tables.add(name),
            ExportKind::Global => self.core_globals.add(name),
            ExportKind::Func => self.core_funcs.add(name),
            ExportKind::Tag => self.core_tags.add(name),
        }
    }

    /// The type `(shared (func (param i32)))` of a function that a thread starts with.
    fn thread_start_type(&mut self) -> u32 {
        let mut section = CoreTypeSection::new();
        section.ty().core().subtype(&shared_func(&[ValType::I32], &[]));
        self.section(&section);
        self.core_types.add("thread-start")
    }

    fn canon(&mut self, name: &str, define: impl FnOnce(&mut CanonicalFunctionSection)) -> u32 {
        let mut section = CanonicalFunctionSection::new();
        define(&mut section);
        self.section(&section);
        self.core_funcs.add(name)
    }

    /// The component, with names.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let names = self.names();
        self.section(&names.as_custom());
        self.component.finish()
    }

    fn names(&self) -> ComponentNameSection {
        let mut names = ComponentNameSection::new();
        type Append = fn(&mut ComponentNameSection, &NameMap);
        let spaces: [(&Space, Append); 10] = [
            (&self.core_funcs, ComponentNameSection::core_funcs),
            (&self.core_tables, ComponentNameSection::core_tables),
            (&self.core_memories, ComponentNameSection::core_memories),
            (&self.core_globals, ComponentNameSection::core_globals),
            (&self.core_types, ComponentNameSection::core_types),
            (&self.core_modules, ComponentNameSection::core_modules),
            (&self.core_instances, ComponentNameSection::core_instances),
            (&self.types, ComponentNameSection::types),
            (&self.funcs, ComponentNameSection::funcs),
            (&self.instances, ComponentNameSection::instances),
        ];
        for (space, append) in spaces {
            if space.next > 0 {
                append(&mut names, &space.names);
            }
        }
        names
    }
}

/// What `$main` is instantiated with, apart from the functions of a world.
pub(crate) struct Prelude<'p> {
    pub(crate) main_args: Vec<(&'p str, u32)>,
    /// The built-ins, as the instance `$root` exports them.
    pub(crate) root: Vec<(&'p str, ExportKind, u32)>,
    /// The instance of `$state` and the memory's name there, if there is one that pointers of imports and exports point into.
    memory: Option<(u32, &'p str)>,
    alias: Option<u32>,
}

impl Prelude<'_> {
    /// The memory that canonical options name.
    pub(crate) fn memory(&mut self, writer: &mut Writer) -> Option<u32> {
        if let (None, Some((instance, name))) = (self.alias, self.memory) {
            self.alias = Some(writer.alias(instance, ExportKind::Memory, name));
        }
        self.alias
    }
}

/// Wires the component.
pub(crate) fn encode(
    info: &ModuleInfo<'_>,
    plan: &Plan<'_>,
    state: &State,
    rewriter: &mut Rewriter,
    main: &Module,
    world: Option<&World>,
) -> Result<Vec<u8>, AdaptError> {
    let mut writer = Writer::default();
    let mut prelude = prelude(&mut writer, info, plan, state, rewriter)?;
    let main = match world {
        Some(world) => splice(&mut writer, info, world, prelude, main)?,
        None => {
            if !prelude.root.is_empty() {
                prelude
                    .main_args
                    .push((ROOT, writer.core_instance("root", &prelude.root)));
            }
            let main = writer.core_module("main", main);
            writer.instantiate("main", main, &prelude.main_args)
        }
    };
    for entry in &plan.exports.entries {
        export(&mut writer, (main, entry.name), &entry.kind);
    }
    Ok(writer.finish())
}

/// What comes before `$main`: `$state`, host modules and built-ins.
fn prelude<'p>(
    writer: &mut Writer,
    info: &ModuleInfo<'_>,
    plan: &'p Plan<'_>,
    state: &'p State,
    rewriter: &mut Rewriter,
) -> Result<Prelude<'p>, AdaptError> {
    let mut prelude = Prelude {
        main_args: Vec::new(),
        root: Vec::new(),
        memory: None,
        alias: None,
    };
    let mut state_instance = 0;
    if !state.is_empty() {
        let module = writer.core_module("state", &state.encode());
        state_instance = writer.instantiate("state", module, &[]);
        prelude.main_args.push((STATE, state_instance));
    }
    if let Some(index) = state.host_memory {
        let memory = state
            .memories
            .get(index.0 as usize)
            .ok_or_else(|| AdaptError::missing("memory", index.0))?;
        prelude.memory = Some((state_instance, &memory.name));
        let hosts = &plan.imports.hosts;
        if !hosts.is_empty() {
            let instances = import_hosts(writer, info, hosts, (state_instance, memory), rewriter)?;
            let args = hosts.iter().map(|host| host.name).zip(instances);
            prelude.main_args.extend(args);
        }
    }
    prelude.root = root(writer, plan, state, state_instance)?;
    Ok(prelude)
}

/// Imports host modules, and instantiates each with a memory of an instance.
pub(crate) fn import_hosts(
    writer: &mut Writer,
    info: &ModuleInfo<'_>,
    hosts: &[HostModule<'_>],
    (state, memory): (u32, &Exported<MemoryType>),
    rewriter: &mut Rewriter,
) -> Result<Vec<u32>, AdaptError> {
    let alias = writer.alias(state, ExportKind::Memory, &memory.name);
    let env = writer.core_instance("host-env", &[("memory", ExportKind::Memory, alias)]);
    let mut instances = Vec::with_capacity(hosts.len());
    for host in hosts {
        let ty = host_type(info, host, memory.ty, rewriter)?;
        let module = import_host(writer, host, &ty);
        instances.push(writer.instantiate(&host.label, module, &[("env", env)]));
    }
    Ok(instances)
}

/// The type of a host module.
fn host_type(
    info: &ModuleInfo<'_>,
    host: &HostModule<'_>,
    memory: wasm_encoder::MemoryType,
    rewriter: &mut Rewriter,
) -> Result<ModuleType, AdaptError> {
    let mut module = ModuleType::new();
    module.import("env", "memory", EntityType::Memory(memory));
    // The next type that the module's type declares.
    let mut next = 0;
    if let (true, Some(section)) = (names_types(info, host)?, &info.type_section) {
        next = info.types.len() as u32;
        for group in section.clone().into_iter_with_offsets() {
            let (offset, group) = group?;
            rewriter
                .at("a type", offset)
                .parse_recursive_type_group(module.ty(), group)?;
        }
    }
    let mut known = std::collections::HashMap::new();
    for (name, func) in &host.functions {
        let index = info.type_of(*func)?;
        let ty = info.func_type(index)?;
        let ty = match (info.names_types(index)?, known.get(ty)) {
            (true, _) => index.0,
            (false, Some(index)) => *index,
            (false, None) => {
                module
                    .ty()
                    .subtype(&converted_func(ty, rewriter.at("an imported function", 0))?);
                known.insert(ty, next);
                next += 1;
                next - 1
            }
        };
        module.export(name, EntityType::Function(ty));
    }
    for (name, global) in &host.globals {
        let global = info.global(*global)?;
        let ty = rewriter
            .at("an imported global", global.offset)
            .global_type(global.ty)?;
        module.export(name, EntityType::Global(ty));
    }
    Ok(module)
}

/// Whether the type of a host module has to declare the input's types, because a function or global that it exports refers to
/// one.
fn names_types(info: &ModuleInfo<'_>, host: &HostModule<'_>) -> Result<bool, AdaptError> {
    for (_, func) in &host.functions {
        if info.names_types(info.type_of(*func)?)? {
            return Ok(true);
        }
    }
    for (_, global) in &host.globals {
        if names_type(info.global(*global)?.ty.content_type) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn import_host(writer: &mut Writer, host: &HostModule<'_>, ty: &ModuleType) -> u32 {
    let mut types = CoreTypeSection::new();
    types.ty().module(ty);
    writer.section(&types);
    let ty = writer.core_types.add(&host.label);
    let mut imports = ComponentImportSection::new();
    imports.import(host.label.as_str(), ComponentTypeRef::Module(ty));
    writer.section(&imports);
    writer.core_modules.add(&host.label)
}

/// Writes the definition of a built-in that creates threads, given their start type and a table.
type DefineThread = fn(&mut CanonicalFunctionSection, u32, u32) -> &mut CanonicalFunctionSection;

/// Defines the built-ins, for an instance that exports them.
fn root(
    writer: &mut Writer,
    plan: &Plan<'_>,
    state: &State,
    state_instance: u32,
) -> Result<Vec<(&'static str, ExportKind, u32)>, AdaptError> {
    let mut start = None;
    let mut exports = Vec::with_capacity(plan.builtins.len());
    for builtin in &plan.builtins {
        let name = builtin.import_name();
        let mut of_table =
            |writer: &mut Writer, table: Option<MainTable>, define: DefineThread| -> Result<u32, AdaptError> {
                let table = table.and_then(|table| state.tables.get(table.0 as usize));
                let table = table.ok_or_else(|| AdaptError::missing("table for", name))?;
                let ty = *start.get_or_insert_with(|| writer.thread_start_type());
                let table = writer.alias(state_instance, ExportKind::Table, &table.name);
                Ok(writer.canon(name, |canon| _ = define(canon, ty, table)))
            };
        let func = match builtin {
            Builtin::SpawnIndirect => of_table(
                writer,
                state.spawn_table,
                CanonicalFunctionSection::thread_spawn_indirect,
            )?,
            Builtin::SpawnEntry => of_table(writer, state.threads, CanonicalFunctionSection::thread_spawn_indirect)?,
            Builtin::NewIndirect => of_table(writer, state.spawn_table, CanonicalFunctionSection::thread_new_indirect)?,
            Builtin::NewEntry => of_table(writer, state.threads, CanonicalFunctionSection::thread_new_indirect)?,
            Builtin::ResumeLater => writer.canon(name, |canon| _ = canon.thread_resume_later()),
            Builtin::Switch(switch, cancellable) => writer.canon(name, |canon| {
                match switch {
                    Switch::Suspend => canon.thread_suspend(*cancellable),
                    Switch::Yield => canon.thread_yield(*cancellable),
                    Switch::SuspendThenResume => canon.thread_suspend_then_resume(*cancellable),
                    Switch::YieldThenResume => canon.thread_yield_then_resume(*cancellable),
                    Switch::SuspendThenPromote => canon.thread_suspend_then_promote(*cancellable),
                    Switch::YieldThenPromote => canon.thread_yield_then_promote(*cancellable),
                };
            }),
            Builtin::ContextGet(slot) => writer.canon(name, |canon| _ = canon.context_get(ValType::I32, slot.number())),
            Builtin::ContextSet(slot) => writer.canon(name, |canon| _ = canon.context_set(ValType::I32, slot.number())),
            Builtin::AvailableParallelism => writer.canon(name, |canon| _ = canon.thread_available_parallelism()),
            Builtin::ThreadIndex => writer.canon(name, |canon| _ = canon.thread_index()),
        };
        exports.push((name, ExportKind::Func, func));
    }
    Ok(exports)
}

/// Exports a function of a core instance.
pub(crate) fn export(writer: &mut Writer, (instance, name): (u32, &str), kind: &EntryKind) {
    let mut exports = ComponentExportSection::new();
    match kind {
        // The world's exports are written with the world.
        EntryKind::World(_) => {}
        EntryKind::Run => {
            let core = writer.alias(instance, ExportKind::Func, name);
            let func = lift(writer, core, "run", &[], Some(result));
            let mut instances = ComponentInstanceSection::new();
            instances.export_items([("run", ComponentExportKind::Func, func)]);
            writer.section(&instances);
            let instance = writer.instances.add("run");
            exports.export(RUN, ComponentExportKind::Instance, instance, None);
            writer.section(&exports);
            writer.instances.skip(1);
        }
        EntryKind::Lifted { label, params, result } => {
            let core = writer.alias(instance, ExportKind::Func, name);
            let result = result.map(|ty| move |_: &mut Writer| ComponentValType::Primitive(ty));
            let func = lift(writer, core, label, params, result);
            exports.export(label.as_str(), ComponentExportKind::Func, func, None);
            writer.section(&exports);
            writer.funcs.skip(1);
        }
    }
}

/// The type `result`, with nothing in either case.
fn result(writer: &mut Writer) -> ComponentValType {
    let mut types = ComponentTypeSection::new();
    types.defined_type().result(None, None);
    writer.section(&types);
    ComponentValType::Type(writer.types.add("result"))
}

fn lift(
    writer: &mut Writer,
    core: u32,
    name: &str,
    params: &[PrimitiveValType],
    result: Option<impl FnOnce(&mut Writer) -> ComponentValType>,
) -> u32 {
    let result = result.map(|result| result(writer));
    let mut types = ComponentTypeSection::new();
    let params = params
        .iter()
        .enumerate()
        .map(|(index, ty)| (format!("p{index}"), ComponentValType::Primitive(*ty)));
    let params: Vec<_> = params.collect();
    types
        .function()
        .params(params.iter().map(|(name, ty)| (name.as_str(), *ty)))
        .result(result);
    writer.section(&types);
    let ty = writer.types.add(name);
    let mut canon = CanonicalFunctionSection::new();
    canon.lift(core, ty, []);
    writer.section(&canon);
    writer.funcs.add(name)
}
