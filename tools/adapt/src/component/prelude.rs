//! The part of the component before `$main`: `$state`, host modules and built-ins.
//!
//! Canonical built-ins are imported at shared types, which the specification does not define yet: see docs/extensions.md.

use crate::builtin::{Builtin, Switch};
use crate::component::hosts::import_hosts;
use crate::component::writer::Writer;
use crate::error::AdaptError;
use crate::index::MainTable;
use crate::input::info::ModuleInfo;
use crate::plan::Plan;
use crate::plan::imports::STATE;
use crate::rewrite::Rewriter;
use crate::state::State;
use wasm_encoder::{CanonicalFunctionSection, ExportKind, ValType};

/// The arguments with which `$main` is instantiated, except the functions of a world.
pub(crate) struct Prelude<'p> {
    pub(crate) main_args: Vec<(&'p str, u32)>,
    /// The built-ins, as the instance `$root` exports them.
    pub(crate) root: Vec<(&'p str, ExportKind, u32)>,
    /// The instance of `$state` and the memory's name in it, if pointers of imports and exports refer to one.
    memory: Option<(u32, &'p str)>,
    alias: Option<u32>,
}

impl Prelude<'_> {
    /// The memory for canonical options.
    pub(crate) fn memory(&mut self, writer: &mut Writer) -> Option<u32> {
        if let (None, Some((instance, name))) = (self.alias, self.memory) {
            self.alias = Some(writer.alias(instance, ExportKind::Memory, name));
        }
        self.alias
    }
}

/// Writes `$state`, host modules and built-ins.
pub(crate) fn prelude<'p>(
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
