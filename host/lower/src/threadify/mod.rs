//! Threadify: from the core instances of a component to one core module, which every thread instantiates anew.
//!
//! **Problem.** The engine has no shared functions, so each thread has instances of its own. No program may be able to
//! tell: instantiating again must repeat no side effect, and must see the same shared state.
//!
//! **Before:** core modules of the unshared form, in the order in which they are instantiated, what each import is given,
//! and a record of what was shared.
//!
//! ```wat
//! (module $a                                            ;; "get" is given context.get i32 0
//!   (import "ctx" "get" (func $get (result i32)))
//!   (memory $m (export "m") 1 16)                       ;; was shared
//!   (global $g (export "g") (mut i64) (i64.const 7))    ;; was shared, and is written
//!   (table $t 1 (ref null func))                        ;; was shared, and is written
//!   (data (memory $m) (i32.const 8) "hello")
//!   (start $s)
//!   (func (result i32) (call $get))
//!   (func (result i32) (memory.atomic.wait32 offset=4 (...) (...) (...))))
//! (module $b (import "a" "g" (global $g (mut i64))) (func (global.set $g (i64.const 8))))
//! ```
//!
//! **After:**
//!
//! ```wat
//! (import "weft" "memory 0" (memory $m 1 16 shared))    ;; the host creates it, once
//! (import "weft" "memory 1" (memory $cells 1 1 shared)) ;; shared globals, and which segments are dropped
//! (import "weft" "memory 2" (memory $t 1 65536 shared)) ;; a length, then 32 bits an element
//! (import "weft" "wait32 0" (func $wait ...))           ;; parks a fiber, not a core
//! (global $c (export "weft:context-i32-0") (mut i32) (i32.const 0))
//! (table $functions (export "weft:functions") ...)      ;; every function that a reference can mean, filled alike
//! (data $d "hello")
//! (func (export "weft:initialize")                      ;; called for the first thread alone
//!   (i64.store $cells (i32.const 0) (i64.const 7)) ... (memory.init $d ...) (call $s))
//! (func (result i32) (global.get $c))
//! (func (result i32) (call $wait (...) (...) (...) (i64.const 4)))
//! (func (i64.store $cells (i32.const 0) (i64.const 8)))
//! ```
//!
//! - One module: a call from one core module to another is a direct call, a table or global that several of them import is
//!   one item, a reference to a function can mean a function of any of them, and a thread is one instance.
//! - A shared table or global that nothing writes stays what it is, filled alike on every thread: it costs what it always
//!   did. One that is written becomes cells of a hidden memory.
//! - A reference is the engine's own as long as a thread keeps it to itself. In a cell it is a handle, an index into
//!   `$functions`; `table.get` makes a reference of it, and the host a handle of a reference.
//! - Which segments are dropped is state that threads share, where a program can tell.
//!
//! **Rejected:** a module for each of the component's, linked on each thread (the engine takes one shared memory that two
//! instances import for two, and panics where an access faults; a handle could not mean another module's function).
//! One module for the first thread and another for the rest: it is compiled twice and its code is kept twice. References as
//! handles everywhere: locals, parameters and blocks would change their types for nothing. Context slots as calls to the
//! host: a stack pointer is read in every function's first instruction.

mod accesses;
mod emit;
mod increments;
mod layout;
mod order;
mod scan;
mod start_types;
mod unroll;

use crate::binary::module_items::SharedItems;
use crate::plan::{
    ComponentInstanceIndex, Definition, INITIALIZE_EXPORT, Memory, MemoryIndex, StartExport, ThreadTableIndex,
    WrittenTable,
};
use crate::{CORE_FEATURES, LOG, LowerError};
pub(crate) use scan::entered;
pub(crate) use start_types::{DeclaredStart, StartTypes};
use std::borrow::Cow;
use std::collections::BTreeSet;
use tracing::debug_span;
use wasmparser::Validator;

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

/// What an adapter between component instances tells of the task of the call. Both are calls without results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Task {
    /// It begins, with empty context slots and as a new thread: by whom, whether it is asynchronous, and where.
    Enter { borrows: bool },
    /// It ends, and the caller's context slots are what they were. If it can borrow handles, it must have dropped them.
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

/// The type of the functions that threads start with, as far as such types differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StartKind {
    /// Whether the parameter is an `i64` rather than an `i32`.
    pub wide: bool,
    /// Whether the type can have no subtypes.
    pub is_final: bool,
    /// What declares it, if that is not all.
    pub declared: Option<DeclaredStart>,
}

/// What an import of a core module is given.
#[derive(Debug, Clone)]
pub(crate) enum Argument {
    /// An item of an earlier instance.
    Item(InstanceIndex, Item),
    /// An access to a context slot.
    Context(ContextAccess),
    /// Where a call of another component instance begins or ends.
    Task(Task),
    /// `thread.spawn-indirect`.
    SpawnIndirect(TableOf, StartKind),
    /// `thread.new-indirect`.
    NewIndirect(TableOf, StartKind),
    /// `thread.spawn-ref`.
    SpawnRef(StartKind),
    /// What does not depend on the instances.
    Host(Definition),
}

/// A core instance.
pub(crate) struct Instance<'a> {
    /// Its module.
    pub wasm: &'a [u8],
    pub items: Cow<'a, SharedItems>,
    /// For each import, in order.
    pub arguments: Vec<Argument>,
    /// For each memory, the shared memory that it is, if it is one.
    pub memories: Vec<Option<MemoryIndex>>,
    /// The component instance that it is in, if it is in one.
    pub component: Option<ComponentInstanceIndex>,
    /// The functions of an adapter that take the exclusive lock of the component instance that they call.
    pub exclusive: BTreeSet<u32>,
}

/// What the pass takes.
#[derive(Default)]
pub(crate) struct Input<'a> {
    /// In the order in which they are instantiated.
    pub instances: Vec<Instance<'a>>,
    /// The component's shared memories.
    pub memories: Vec<Memory>,
    /// The component instances with a thread table of their own: see [`crate::plan::Plan::threaded`].
    pub threaded: Vec<ComponentInstanceIndex>,
    /// The component instances whose unshared state has a store of its own: see [`crate::plan::Plan::homes`].
    pub homes: Vec<Vec<ComponentInstanceIndex>>,
    /// Start types of which more is said than their [`StartKind`].
    pub start_types: Vec<StartTypes<'a>>,
    /// The functions that the run-time module has to export, under which names.
    pub exports: Vec<(String, InstanceIndex, u32)>,
    /// The memories that it has to export, none of which the host creates.
    pub memory_exports: Vec<(String, InstanceIndex, u32)>,
    /// The globals that it has to export, none of which is shared.
    pub global_exports: Vec<(String, InstanceIndex, u32)>,
    /// The global of [`MAY_LEAVE_EXPORT`](crate::plan::MAY_LEAVE_EXPORT), which is not shared.
    pub may_leave: Option<(InstanceIndex, u32)>,
    /// The global of [`BORROW_SCOPE_EXPORT`](crate::plan::BORROW_SCOPE_EXPORT), which is not shared.
    pub borrow_scope: Option<(InstanceIndex, u32)>,
}

/// What the pass makes: see [`crate::plan::Plan`] for the fields.
pub(crate) struct Output {
    pub wasm: Vec<u8>,
    pub arguments: Vec<Definition>,
    pub memories: Vec<Memory>,
    pub tables: Vec<WrittenTable>,
    pub context_slots: Vec<String>,
    pub waiter_counts: Option<MemoryIndex>,
}

/// Runs the pass.
pub(crate) fn threadify(input: &Input<'_>) -> Result<Output, LowerError> {
    let _span = debug_span!(target: LOG, "threadify", instances = input.instances.len()).entered();
    let facts = input.instances.iter().map(scan::scan).collect::<Result<Vec<_>, _>>()?;
    let layout = layout::Layout::new(input, &facts)?;
    let output = emit::emit(input, &facts, layout)?;
    // The engine validates the module before it compiles it, and the tests do. So release builds do not.
    if cfg!(debug_assertions) {
        let mut validator = Validator::new_with_features(CORE_FEATURES);
        validator
            .validate_all(&output.wasm)
            .map_err(|error| LowerError::Internal(format!("the run-time module is not valid: {error}")))?;
    }
    Ok(output)
}

impl Input<'_> {
    /// The thread table of a component instance that has one of its own.
    fn thread_table(&self, component: ComponentInstanceIndex) -> Option<ThreadTableIndex> {
        let position = self.threaded.iter().position(|threaded| *threaded == component)?;
        Some(ThreadTableIndex(position as u32 + 1))
    }

    /// The thread table that the start function of an instance has to enter. If one component instance alone has a table, the
    /// thread that runs start functions is in it.
    fn start_table(&self, instance: &Instance<'_>) -> Option<ThreadTableIndex> {
        match self.threaded.as_slice() {
            [] | [_] => None,
            _ => self
                .thread_table(instance.component?)
                .filter(|_| self.home(instance).is_none()),
        }
    }

    /// The component instance of an instance, if its unshared state is in another store than that of the host's calls.
    fn home(&self, instance: &Instance<'_>) -> Option<ComponentInstanceIndex> {
        let component = instance.component?;
        let is_here = |home: &Vec<ComponentInstanceIndex>| home.contains(&component);
        self.homes.iter().any(is_here).then_some(component)
    }
}

impl ContextSlot {
    /// The name under which the run-time module exports it.
    fn export_name(self) -> String {
        let ty = match self.ty {
            SlotType::I32 => "i32",
            SlotType::I64 => "i64",
        };
        format!("weft:context-{ty}-{}", self.slot)
    }
}

impl Item {
    fn table(self) -> Option<u32> {
        match self {
            Item::Table(index) => Some(index),
            _ => None,
        }
    }

    fn memory(self) -> Option<u32> {
        match self {
            Item::Memory(index) => Some(index),
            _ => None,
        }
    }

    fn tag(self) -> Option<u32> {
        match self {
            Item::Tag(index) => Some(index),
            _ => None,
        }
    }
}

impl InstanceIndex {
    /// The name under which the run-time module exports what is done once for the instance, in the home of its component instance.
    fn initialize_export(self) -> String {
        format!("{INITIALIZE_EXPORT}-{}", self.0)
    }
}

impl TableOf {
    /// The name under which the run-time module exports the table.
    fn export_name(self) -> String {
        format!("weft:table-{}-{}", self.instance.0, self.table)
    }
}

impl StartKind {
    /// As the plan has it.
    fn plan(self) -> StartExport {
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
    fn start(&self) -> Option<StartKind> {
        match self {
            Argument::SpawnRef(start) | Argument::SpawnIndirect(_, start) | Argument::NewIndirect(_, start) => {
                Some(*start)
            }
            Argument::Item(..) | Argument::Context(_) | Argument::Task(_) | Argument::Host(_) => None,
        }
    }

    fn start_table(&self) -> Option<TableOf> {
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
