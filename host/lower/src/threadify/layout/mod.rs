//! The second part of threadify: the place of each instance's items in the run-time module.
//!
//! Before: instances with their own index spaces, in which an import is an item of an earlier instance. After: for each
//! index of each instance, an index of the run-time module, or a place in a hidden memory ([`cells`]).

mod cells;
mod definers;
mod early;

use super::input::{
    Argument, ContextAccess, ContextSlot, Input, Instance, InstanceIndex, Item, StartKind, TableOf, Task,
};
use super::scan::Facts;
use crate::error::LowerError;
use crate::plan::{
    Builtin, ComponentInstanceIndex, Definition, Memory, MemoryIndex, StartTable, ThreadTableIndex, WrittenTable,
    WrittenTableIndex,
};
pub(super) use cells::{Cell, CellType, SegmentCells};
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::TypeRef;

/// Where a function is.
#[derive(Debug, Clone, Copy)]
pub(super) enum FunctionAt {
    Index(u32),
    /// The function became an instruction.
    Context(ContextAccess),
    /// The function became instructions that save or restore the caller's state.
    Task(Task),
}

/// Where a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TableAt {
    Fixed(u32),
    Written(WrittenTableIndex),
}

/// Where a global is.
#[derive(Debug, Clone, Copy)]
pub(super) enum GlobalAt {
    Index(u32),
    Cell(Cell),
}

/// One instance's index spaces.
#[derive(Debug, Default)]
pub(super) struct Spaces {
    /// The offset from the module's type indices to those of the run-time module. The other offsets are alike.
    pub types: u32,
    pub elements: u32,
    pub data: u32,
    pub functions: Vec<FunctionAt>,
    pub tables: Vec<TableAt>,
    pub memories: Vec<u32>,
    pub globals: Vec<GlobalAt>,
    pub tags: Vec<u32>,
    /// Element segments that have cells.
    pub element_cells: BTreeMap<u32, SegmentCells>,
    /// Data segments that may be dropped, and the address of each one's flag.
    pub data_dropped: BTreeMap<u32, u32>,
}

impl Spaces {
    /// The cells of an element segment. Most have none.
    pub fn cells_of(&self, segment: u32) -> SegmentCells {
        self.element_cells.get(&segment).copied().unwrap_or_default()
    }
}

/// An import of the run-time module, other than a memory.
#[derive(Debug)]
pub(super) struct HostImport {
    pub definition: Definition,
    /// The instance in whose module its type is.
    pub instance: InstanceIndex,
    pub ty: TypeRef,
}

/// A built-in that the run-time module imports although no module of the component does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Added {
    Wait32(MemoryIndex),
    Wait64(MemoryIndex),
    Notify(MemoryIndex),
    GrowMemory(MemoryIndex),
    FunctionHandle,
    GrowTable(WrittenTableIndex),
    ReserveTable,
    EndBorrows,
    EnterInstance(ThreadTableIndex),
    ExitInstance,
    EnterExclusively(ComponentInstanceIndex),
    ExitExclusively,
    /// Initializes an instance once, in the home of its component instance.
    InitializeAtHome(ComponentInstanceIndex, InstanceIndex),
}

impl Added {
    /// The built-ins that an adapter's function calls at the start and end of another component instance's task.
    pub fn task(
        input: &Input<'_>,
        adapter: &Instance<'_>,
        function: u32,
        callee: ComponentInstanceIndex,
    ) -> Option<[Added; 2]> {
        match adapter.exclusive.contains(&function) {
            true => Some([Added::EnterExclusively(callee), Added::ExitExclusively]),
            false => {
                let table = input.thread_table(callee)?;
                Some([Added::EnterInstance(table), Added::ExitInstance])
            }
        }
    }

    pub fn builtin(self) -> Builtin {
        match self {
            Added::Wait32(memory) => Builtin::Wait32(memory),
            Added::Wait64(memory) => Builtin::Wait64(memory),
            Added::Notify(memory) => Builtin::Notify(memory),
            Added::GrowMemory(memory) => Builtin::GrowMemory(memory),
            Added::FunctionHandle => Builtin::FunctionHandle,
            Added::GrowTable(table) => Builtin::GrowTable(table),
            Added::ReserveTable => Builtin::ReserveTable,
            Added::EndBorrows => Builtin::EndBorrows,
            Added::EnterInstance(table) => Builtin::EnterInstance(table),
            Added::ExitInstance => Builtin::ExitInstance,
            Added::EnterExclusively(instance) => Builtin::EnterExclusively(instance),
            Added::ExitExclusively => Builtin::ExitExclusively,
            Added::InitializeAtHome(instance, part) => Builtin::CallExclusively {
                instance,
                export: part.initialize_export(),
            },
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Layout {
    /// By [`InstanceIndex`].
    pub instances: Vec<Spaces>,
    pub imports: Vec<HostImport>,
    /// The added built-ins and their function indices.
    pub added: BTreeMap<Added, u32>,
    /// All memories that are imported, by their index.
    pub memories: Vec<Memory>,
    pub tables: Vec<WrittenTable>,
    /// The lengths of written tables that cannot grow.
    pub fixed_lengths: BTreeMap<WrittenTableIndex, u64>,
    /// The memory of the cells, if there are any.
    pub cells: Option<MemoryIndex>,
    /// The memory of the counts of waiters, if some code notifies.
    pub waiter_counts: Option<MemoryIndex>,
    /// Whether references become handles, or handles references.
    pub has_handles: bool,
    /// The global of each context slot.
    pub context_slots: BTreeMap<ContextSlot, u32>,
    pub starts: BTreeSet<StartKind>,
    /// For each of [`Input::start_types`], the index of its first type.
    pub start_types: Vec<u32>,
    /// The tables that never change and from which threads are started, by the names of their exports.
    pub start_tables: BTreeMap<String, u32>,
    /// How many types there are, which is the index of the next added one. The other counts are alike.
    pub types: u32,
    pub functions: u32,
    pub fixed_tables: u32,
    pub elements: u32,
    pub data: u32,
}

impl Layout {
    pub fn new(input: &Input<'_>, facts: &[Facts]) -> Result<Self, LowerError> {
        let mut layout = Layout {
            instances: facts.iter().map(|_| Spaces::default()).collect(),
            memories: input.memories.clone(),
            ..Layout::default()
        };
        layout.lay_out_hidden(input, facts)?;
        layout.lay_out_memories(input)?;
        layout.lay_out_tags(input, facts)?;
        layout.import_host(input, facts)?;
        layout.add_builtins(input, facts);
        layout.lay_out_functions(input, facts)?;
        for (spaces, facts) in layout.instances.iter_mut().zip(facts) {
            (spaces.types, spaces.elements, spaces.data) = (layout.types, layout.elements, layout.data);
            layout.types += facts.module.types.len() as u32;
            layout.elements += facts.elements.count;
            layout.data += facts.data.count;
        }
        for start in &input.start_types {
            layout.start_types.push(layout.types);
            layout.types += start.count()?;
        }
        Ok(layout)
    }

    pub fn spaces(&self, instance: InstanceIndex) -> &Spaces {
        &self.instances[instance.0]
    }

    /// The plan's memories are imported, and keep their indices; other memories come after them.
    fn lay_out_memories(&mut self, input: &Input<'_>) -> Result<(), LowerError> {
        let mut next = self.memories.len() as u32;
        for (index, instance) in input.instances.iter().enumerate() {
            let given = given(instance, Item::memory);
            for (position, shared) in instance.memories.iter().enumerate() {
                let at = match (shared, given.get(position)) {
                    (Some(shared), _) => shared.0,
                    (None, Some((from, memory))) => at(&self.spaces(*from).memories, *memory)?,
                    (None, None) => {
                        next += 1;
                        next - 1
                    }
                };
                self.instances[index].memories.push(at);
            }
        }
        Ok(())
    }

    fn lay_out_tags(&mut self, input: &Input<'_>, facts: &[Facts]) -> Result<(), LowerError> {
        let mut next = 0;
        for (index, (instance, facts)) in input.instances.iter().zip(facts).enumerate() {
            for (from, tag) in given(instance, Item::tag) {
                let at = at(&self.spaces(from).tags, tag)?;
                self.instances[index].tags.push(at);
            }
            let defined = facts.module.tags.len() as u32 - facts.module.imported.tags;
            self.instances[index].tags.extend(next..next + defined);
            next += defined;
        }
        Ok(())
    }

    /// Lays out the imports from the host. They come before all definitions.
    fn import_host(&mut self, input: &Input<'_>, facts: &[Facts]) -> Result<(), LowerError> {
        for (index, (instance, facts)) in input.instances.iter().zip(facts).enumerate() {
            for (ty, argument) in facts.module.imports.iter().zip(&instance.arguments) {
                if let Some(start) = argument.start() {
                    self.starts.insert(start);
                }
                if let Some(definition) = self.definition(argument)? {
                    self.imports.push(HostImport {
                        definition,
                        instance: InstanceIndex(index),
                        ty: *ty,
                    });
                }
            }
        }
        Ok(())
    }

    /// The argument for an imported function, unless weft added the import.
    pub fn imported_function(&self, function: u32) -> Option<&Definition> {
        let mut functions = self.imports.iter().filter(|import| import.is_function());
        functions.nth(function as usize).map(|import| &import.definition)
    }

    fn definition(&self, argument: &Argument) -> Result<Option<Definition>, LowerError> {
        let start_table = |table: TableOf| {
            Ok::<_, LowerError>(match at(&self.spaces(table.instance).tables, table.table)? {
                TableAt::Written(written) => StartTable::Written(written),
                TableAt::Fixed(_) => StartTable::Fixed {
                    export: table.export_name(),
                    table64: table.table64,
                },
            })
        };
        Ok(Some(match argument {
            Argument::Item(..) | Argument::Context(_) | Argument::Task(_) => return Ok(None),
            Argument::Host(definition) => definition.clone(),
            Argument::SpawnRef(start) => Definition::Builtin(Builtin::SpawnRef(start.plan())),
            Argument::SpawnIndirect(table, start) => {
                Definition::Builtin(Builtin::SpawnIndirect(start_table(*table)?, start.plan()))
            }
            Argument::NewIndirect(table, start) => {
                Definition::Builtin(Builtin::NewIndirect(start_table(*table)?, start.plan()))
            }
        }))
    }

    /// Adds the built-ins that the code needs but does not import.
    fn add_builtins(&mut self, input: &Input<'_>, facts: &[Facts]) {
        let mut added = BTreeSet::new();
        let instances = input.instances.iter().zip(facts.iter().zip(&self.instances));
        for (index, (instance, (facts, spaces))) in instances.enumerate() {
            let shared = |memory: &u32| instance.memories.get(*memory as usize).copied().flatten();
            added.extend(facts.wait32.iter().filter_map(shared).map(Added::Wait32));
            added.extend(facts.wait64.iter().filter_map(shared).map(Added::Wait64));
            added.extend(facts.notify.iter().filter_map(shared).map(Added::Notify));
            added.extend(facts.grown_memories.iter().filter_map(shared).map(Added::GrowMemory));
            for table in &facts.grown_tables {
                added.extend(spaces.tables.get(*table as usize).map(|table| match table {
                    TableAt::Written(table) => Added::GrowTable(*table),
                    TableAt::Fixed(_) => Added::ReserveTable,
                }));
            }
            let entered = facts.entered.iter();
            added.extend(
                entered
                    .flat_map(|(function, callee)| Added::task(input, instance, *function, *callee))
                    .flatten(),
            );
            let started = facts.start.and_then(|_| input.start_table(instance));
            added.extend(
                started
                    .into_iter()
                    .flat_map(|table| [Added::EnterInstance(table), Added::ExitInstance]),
            );
            if let Some(component) = input.home(instance) {
                let initialize = Added::InitializeAtHome(component, InstanceIndex(index));
                added.extend([Added::EnterExclusively(component), initialize, Added::ExitExclusively]);
            }
        }
        let functions = self.imports.iter().filter(|import| import.is_function());
        let spawns_references =
            |import: &HostImport| matches!(import.definition, Definition::Builtin(Builtin::SpawnRef(_)));
        self.has_handles |= self.imports.iter().any(spawns_references);
        if self.has_handles {
            added.insert(Added::FunctionHandle);
        }
        if input.borrow_scope.is_some() {
            added.insert(Added::EndBorrows);
        }
        let functions = functions.count() as u32;
        self.added = added.into_iter().zip(functions..).collect();
        self.functions = functions + self.added.len() as u32;
    }

    fn lay_out_functions(&mut self, input: &Input<'_>, facts: &[Facts]) -> Result<(), LowerError> {
        let mut next_import = 0;
        for (index, (instance, facts)) in input.instances.iter().zip(facts).enumerate() {
            for (ty, argument) in facts.module.imports.iter().zip(&instance.arguments) {
                if !is_function(ty) {
                    continue;
                }
                let function = match argument {
                    Argument::Item(from, Item::Function(function)) => at(&self.spaces(*from).functions, *function)?,
                    Argument::Item(_, other) => {
                        return Err(LowerError::Internal(format!("an imported function is given {other:?}")));
                    }
                    Argument::Context(access) => FunctionAt::Context(*access),
                    Argument::Task(task) => FunctionAt::Task(*task),
                    Argument::SpawnIndirect(..)
                    | Argument::NewIndirect(..)
                    | Argument::SpawnRef(_)
                    | Argument::Host(_) => {
                        next_import += 1;
                        FunctionAt::Index(next_import - 1)
                    }
                };
                self.instances[index].functions.push(function);
            }
            let defined = facts.module.functions.len() as u32 - facts.module.imported.functions;
            let indices = self.functions..self.functions + defined;
            self.instances[index].functions.extend(indices.map(FunctionAt::Index));
            self.functions += defined;
        }
        Ok(())
    }
}

impl HostImport {
    pub fn is_function(&self) -> bool {
        is_function(&self.ty)
    }
}

fn is_function(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Func(_) | TypeRef::FuncExact(_))
}

/// The items of one kind that an instance imports from others, in order.
fn given(instance: &Instance<'_>, kind: fn(Item) -> Option<u32>) -> Vec<(InstanceIndex, u32)> {
    let given = instance.arguments.iter().filter_map(|argument| match argument {
        Argument::Item(from, item) => Some((*from, kind(*item)?)),
        Argument::Context(_)
        | Argument::Task(_)
        | Argument::SpawnIndirect(..)
        | Argument::NewIndirect(..)
        | Argument::SpawnRef(_)
        | Argument::Host(_) => None,
    });
    given.collect()
}

/// An item of an earlier instance. Validation has checked that it exists.
fn at<T: Copy>(items: &[T], index: u32) -> Result<T, LowerError> {
    let item = items.get(index as usize).copied();
    item.ok_or_else(|| LowerError::Internal(format!("item {index} of an earlier instance does not exist")))
}
