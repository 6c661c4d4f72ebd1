//! The input and output of threadify: the core instances with the argument for each import, and the run-time module.

use super::start_types::{DeclaredStart, StartTypes};
use crate::binary::module_items::SharedItems;
use crate::plan::{
    ComponentInstanceIndex, CoreTable, Definition, INITIALIZE_EXPORT, Initialization, Memory, MemoryIndex, StartExport,
    ThreadTableIndex, WrittenTable,
};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The type of a context slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum SlotType {
    I32,
    I64,
}

/// A context slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ContextSlot {
    pub slot: u32,
    pub ty: SlotType,
}

/// What a canonical built-in that a module imports does to a context slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ContextAccess {
    pub slot: ContextSlot,
    pub set: bool,
}

/// What an adapter between component instances, or a module that calls a destructor, announces about the call's task. Both are calls
/// without results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Task {
    /// The task begins, with empty context slots, and as a new thread unless `stays`: the callee's instance is the
    /// caller's. The operands are the caller's instance, whether the callee is asynchronous, and the callee's instance.
    Enter { borrows: bool, stays: bool },
    /// The task ends, and the caller's context slots are restored. If the task can borrow handles, it must have dropped
    /// them.
    Exit { borrows: bool },
}

/// A position in [`Input::instances`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct InstanceIndex(pub usize);

/// An item of a core module, by its own index spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Item {
    Function(u32),
    Table(u32),
    Memory(u32),
    Global(u32),
    Tag(u32),
}

/// A table of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TableOf {
    pub instance: InstanceIndex,
    pub table: u32,
    /// Whether its indices are 64 bits wide.
    pub table64: bool,
}

/// What distinguishes the types of the functions that threads start with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StartKind {
    /// Whether the parameter is an `i64` rather than an `i32`.
    pub wide: bool,
    /// Whether the type can have no subtypes.
    pub is_final: bool,
    /// The module that declares the type, if the above does not determine it.
    pub declared: Option<DeclaredStart>,
}

/// The argument for an import of a core module.
#[derive(Debug, Clone)]
pub(crate) enum Argument {
    /// An item of an earlier instance.
    Item(InstanceIndex, Item),
    /// An access to a context slot.
    Context(ContextAccess),
    /// The start or end of a call to another component instance.
    Task(Task),
    /// `thread.spawn-indirect`.
    SpawnIndirect(TableOf, StartKind),
    /// `thread.new-indirect`.
    NewIndirect(TableOf, StartKind),
    /// `thread.spawn-ref`.
    SpawnRef(StartKind),
    /// A definition that does not depend on the instances.
    Host(Definition),
}

/// A core instance.
pub(crate) struct Instance<'a> {
    /// Its module.
    pub wasm: &'a [u8],
    pub items: Cow<'a, SharedItems>,
    /// The argument for each import, in order.
    pub arguments: Vec<Argument>,
    /// For each memory, the plan's memory that it is, if it is one.
    pub memories: Vec<Option<MemoryIndex>>,
    /// The component instance that contains it, if one does.
    pub component: Option<ComponentInstanceIndex>,
    /// The functions of an adapter that take the exclusive lock of the called component instance.
    pub exclusive: BTreeSet<u32>,
}

/// The input of the pass.
#[derive(Default)]
pub(crate) struct Input<'a> {
    /// The core instances, in the order of instantiation.
    pub instances: Vec<Instance<'a>>,
    /// The component's shared memories.
    pub memories: Vec<Memory>,
    /// The component instances with a thread table of their own: see [`crate::plan::Plan::threaded`].
    pub threaded: Vec<ComponentInstanceIndex>,
    /// The component instances whose unshared state has a store of its own: see [`crate::plan::Plan::homes`].
    pub homes: Vec<Vec<ComponentInstanceIndex>>,
    /// Start types that their [`StartKind`] does not determine.
    pub start_types: Vec<StartTypes<'a>>,
    /// The functions that the run-time module must export, with their names.
    pub exports: Vec<(String, InstanceIndex, u32)>,
    /// The memories that it must export. The host creates none of them.
    pub memory_exports: Vec<(String, InstanceIndex, u32)>,
    /// The globals that it must export. None of them is shared.
    pub global_exports: Vec<(String, InstanceIndex, u32)>,
    /// The tables that the host uses, by the names under which the run-time module has to export those that nothing writes. The host
    /// writes those that can grow.
    pub host_tables: Vec<(String, InstanceIndex, u32)>,
    /// The global of [`MAY_LEAVE_EXPORT`](crate::plan::MAY_LEAVE_EXPORT), which is not shared.
    pub may_leave: Option<(InstanceIndex, u32)>,
    /// The global of [`BORROW_SCOPE_EXPORT`](crate::plan::BORROW_SCOPE_EXPORT), which is not shared.
    pub borrow_scope: Option<(InstanceIndex, u32)>,
}

/// The output of the pass: see [`crate::plan::Plan`] for the fields.
pub(crate) struct Output {
    pub wasm: Vec<u8>,
    pub arguments: Vec<Definition>,
    pub memories: Vec<Memory>,
    pub tables: Vec<WrittenTable>,
    pub context_slots: Vec<String>,
    pub waiter_counts: Option<MemoryIndex>,
    pub initialization: Initialization,
    /// What [`Input::host_tables`] have become.
    pub host_tables: Vec<CoreTable>,
}

impl Input<'_> {
    /// The thread table of a component instance, if it has its own.
    pub(super) fn thread_table(&self, component: ComponentInstanceIndex) -> Option<ThreadTableIndex> {
        let position = self.threaded.iter().position(|threaded| *threaded == component)?;
        Some(ThreadTableIndex(position as u32 + 1))
    }

    /// The thread table that the start function of an instance must enter. If only one component instance has a table,
    /// the thread that runs start functions is already in it.
    pub(super) fn start_table(&self, instance: &Instance<'_>) -> Option<ThreadTableIndex> {
        match self.threaded.as_slice() {
            [] | [_] => None,
            _ => self
                .thread_table(instance.component?)
                .filter(|_| self.home(instance).is_none()),
        }
    }

    /// The component instance of an instance, if its unshared state is in another store than the one for the host's
    /// calls.
    pub(super) fn home(&self, instance: &Instance<'_>) -> Option<ComponentInstanceIndex> {
        let component = instance.component?;
        let is_here = |home: &Vec<ComponentInstanceIndex>| home.contains(&component);
        self.homes.iter().any(is_here).then_some(component)
    }
}

impl ContextSlot {
    /// The name under which the run-time module exports this.
    pub(super) fn export_name(self) -> String {
        let ty = match self.ty {
            SlotType::I32 => "i32",
            SlotType::I64 => "i64",
        };
        format!("weft:context-{ty}-{}", self.slot)
    }
}

impl Item {
    pub(super) fn table(self) -> Option<u32> {
        match self {
            Item::Table(index) => Some(index),
            Item::Function(_) | Item::Memory(_) | Item::Global(_) | Item::Tag(_) => None,
        }
    }

    pub(super) fn memory(self) -> Option<u32> {
        match self {
            Item::Memory(index) => Some(index),
            Item::Function(_) | Item::Table(_) | Item::Global(_) | Item::Tag(_) => None,
        }
    }

    pub(super) fn tag(self) -> Option<u32> {
        match self {
            Item::Tag(index) => Some(index),
            Item::Function(_) | Item::Table(_) | Item::Memory(_) | Item::Global(_) => None,
        }
    }
}

impl InstanceIndex {
    /// The name under which the run-time module exports the function that initializes the instance once, in the home of
    /// its component instance.
    pub(super) fn initialize_export(self) -> String {
        format!("{INITIALIZE_EXPORT}-{}", self.0)
    }
}

impl TableOf {
    /// The name under which the run-time module exports the table.
    pub(super) fn export_name(self) -> String {
        format!("weft:table-{}-{}", self.instance.0, self.table)
    }
}

impl StartKind {
    /// This type in the plan's form.
    pub(super) fn plan(self) -> StartExport {
        let width = if self.wide { "i64" } else { "i32" };
        let open = if self.is_final { "" } else { "-open" };
        let declared = self.declared.map(|DeclaredStart(number)| format!("-declared-{number}"));
        StartExport {
            export: format!("weft:start-{width}{open}{}", declared.unwrap_or_default()),
            wide: self.wide,
        }
    }
}

impl Argument {
    pub(super) fn start(&self) -> Option<StartKind> {
        match self {
            Argument::SpawnRef(start) | Argument::SpawnIndirect(_, start) | Argument::NewIndirect(_, start) => {
                Some(*start)
            }
            Argument::Item(..) | Argument::Context(_) | Argument::Task(_) | Argument::Host(_) => None,
        }
    }

    pub(super) fn start_table(&self) -> Option<TableOf> {
        match self {
            Argument::SpawnIndirect(table, _) | Argument::NewIndirect(table, _) => Some(*table),
            Argument::Item(..)
            | Argument::Context(_)
            | Argument::Task(_)
            | Argument::SpawnRef(_)
            | Argument::Host(_) => None,
        }
    }
}
