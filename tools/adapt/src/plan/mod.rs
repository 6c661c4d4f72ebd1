//! The plan: how each import, export, global and memory is adapted. All of this is decided before anything is written.

pub(crate) mod block_source;
pub(crate) mod contexts;
pub(crate) mod exports;
pub(crate) mod globals;
pub(crate) mod imports;
pub(crate) mod memory_and_table;

use crate::builtin::Builtin;
use crate::error::AdaptError;
use crate::index::{FuncIndex, TableIndex};
use crate::input::info::ModuleInfo;
use crate::package::Start;
use crate::plan::contexts::{Calls, Contexts};
use crate::plan::exports::{Entry, EntryKind, Exports};
use crate::plan::globals::{Globals, Place};
use crate::plan::imports::Imports;
use crate::plan::memory_and_table::{HostMemory, function_table, host_memory};
use crate::world::{Use, World};
use std::collections::BTreeSet;

/// What `wasi.thread-spawn` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThreadSpawn {
    /// It is not imported.
    Absent,
    /// It always fails: the module exports no `wasi_thread_start`.
    Fails,
    /// It starts a thread that calls this `wasi_thread_start`.
    Starts(FuncIndex),
}

/// What becomes of a module.
pub(crate) struct Plan<'a> {
    pub(crate) imports: Imports<'a>,
    pub(crate) exports: Exports<'a>,
    pub(crate) globals: Globals<'a>,
    pub(crate) host_memory: HostMemory,
    pub(crate) thread_spawn: ThreadSpawn,
    /// The table of the module's own `thread.spawn-indirect` or `thread.new-indirect`, if it uses one.
    pub(crate) spawn_table: Option<TableIndex>,
    /// Every built-in that `$main` imports.
    pub(crate) builtins: BTreeSet<Builtin>,
    /// Imported functions whose type has subtypes, a supertype or a group, where that of a host, of a built-in and of the
    /// adapter's `wasi.thread-spawn` has none: `$main` has these at a type of their own, and for each import a function of the
    /// module's type that calls it.
    pub(crate) stand_ins: Vec<FuncIndex>,
    /// Whether the main thread's globals are kept in record 0: see `globals.rs`.
    pub(crate) main_record: bool,
    /// The stacks of functions that run in the middle of other threads' calls, if there are any that need one.
    pub(crate) contexts: Option<Contexts>,
    /// Why the calls of exports take turns, if they do: see `contexts.rs`.
    pub(crate) turns: Option<AdaptError>,
    /// The ways in which the module starts threads with such a stack.
    pub(crate) starts: BTreeSet<Start>,
    /// Whether the host's calls of core functions need a stack and thread-local storage: see `core_exports.rs`.
    pub(crate) host_calls: bool,
}

impl<'a> Plan<'a> {
    /// How many functions the adapter's own threads start with: that of `wasi.thread-spawn`, and that of threads with a context.
    pub(crate) fn thread_entries(&self) -> u32 {
        u32::from(matches!(self.thread_spawn, ThreadSpawn::Starts(_))) + u32::from(!self.starts.is_empty())
    }

    /// Whether several calls of the component's callers can be in the module at once.
    pub(crate) fn callers_overlap(&self) -> bool {
        self.turns.is_none() && self.exports.any_lifted()
    }

    /// Whether several of the host's calls of core functions can be in the module at once.
    pub(crate) fn host_calls_overlap(&self) -> bool {
        self.host_calls && self.contexts.is_some() && self.turns.is_none()
    }

    /// Whether any export, or any call from the host, runs in a context because its caller has no stack.
    pub(crate) fn any_call_in_context(&self) -> bool {
        let is_callee = |entry: &Entry<'_>| matches!(entry.kind, EntryKind::World(Use::Callee));
        let any_export = || self.callers_overlap() || self.exports.entries.iter().any(is_callee);
        self.contexts.is_some() && (self.host_calls_overlap() || any_export())
    }

    /// Decides what becomes of a module.
    pub(crate) fn new(info: &ModuleInfo<'a>, world: Option<&World>) -> Result<Plan<'a>, AdaptError> {
        info.check_index_types()?;
        let imports = Imports::new(info)?;
        let exports = Exports::new(info, world.map(|world| &world.parts))?;
        let mut builtins: BTreeSet<Builtin> = imports.builtins().collect();
        let globals = Globals::new(info, &builtins.iter().copied().collect::<Vec<_>>())?;
        let thread_spawn = match (imports.thread_spawn(), exports.wasi_thread_start) {
            (false, _) => ThreadSpawn::Absent,
            (true, None) => ThreadSpawn::Fails,
            (true, Some(start)) => ThreadSpawn::Starts(start),
        };
        if imports.thread_spawn() && !info.memories.iter().any(|memory| memory.shared) {
            return Err(AdaptError::NoSharedMemory);
        }
        let has_world_memory = world.is_some() && !info.memories.is_empty();
        let host_memory = host_memory(info, has_world_memory || !imports.hosts.is_empty())?;
        let Calls { contexts, turns } = Contexts::of(info, &imports, &exports, &globals)?;
        let spawn_table = match builtins.iter().any(|builtin| builtin.needs_table()) {
            true => Some(function_table(info)?),
            false => None,
        };
        let starts = imports.starts();
        builtins.extend(starts.iter().map(|start| start.builtin()));
        for global in &globals.per_thread {
            match global.place {
                Place::Slot(slot) => builtins.extend([Builtin::ContextGet(slot), Builtin::ContextSet(slot)]),
                Place::Record => builtins.extend([Builtin::ThreadIndex]),
            }
        }
        if let ThreadSpawn::Starts(_) = thread_spawn {
            builtins.extend([Builtin::SpawnEntry, Builtin::ThreadIndex]);
        }
        let main_record =
            !globals.per_thread.is_empty() && (info.start.is_some() || exports.any_lifted() || globals.any_in_record());
        let mut stand_ins = Vec::new();
        for func in (0..imports.functions.len() as u32).map(FuncIndex) {
            if info.is_open(func)? {
                stand_ins.push(func);
            }
        }
        let host_calls = world.is_none() && !globals.per_thread.is_empty();
        Ok(Plan {
            stand_ins,
            imports,
            exports,
            globals,
            host_memory,
            thread_spawn,
            spawn_table,
            builtins,
            main_record,
            contexts,
            turns,
            starts,
            host_calls,
        })
    }
}
