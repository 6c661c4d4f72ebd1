//! Shared state that changes: which items there are, and their places in hidden memories.
//!
//! | State | Kept as |
//! |---|---|
//! | a shared global that is written | a cell of the size of its type; of a reference, a handle |
//! | one of type `v128` | 24 bytes: a version, which is odd while the value is being written, and two halves |
//! | a shared table that is written | a memory of its own: see [`WrittenTable`] |
//! | an element segment that is copied into such a table | its handles, one after the other |
//! | a passive segment that may be dropped while others copy it | 32 bits, not 0 when it is dropped |
//! | how many threads wait | a memory of counts: see [`Plan::waiter_counts`](crate::plan::Plan::waiter_counts) |
//!
//! **Rejected:** tables in one memory with the cells (a table could not grow without moving while other threads read
//! it).

use super::definers::{Definer, Definers};
use super::{GlobalAt, Layout, Spaces, TableAt, at, early, given};
use crate::error::LowerError;
use crate::plan::{Memory, MemoryIndex, TABLE_ELEMENTS_ADDRESS, WAITER_COUNTS_SIZE, WrittenTable, WrittenTableIndex};
use crate::threadify::input::{Argument, Input, Instance, InstanceIndex, Item};
use crate::threadify::scan::{Facts, shared};
use std::collections::BTreeSet;
use wasmparser::{GlobalType, TableType, TypeRef, ValType};

const PAGE: u64 = 65536;
/// The size of a handle in bytes.
const HANDLE: u32 = 4;
/// The size in bytes of the flag whether a segment is dropped.
const FLAG: u32 = 4;
/// How many elements a written table can have: as many as its memory holds.
const MAX_ELEMENTS: u64 = (PAGE * PAGE - TABLE_ELEMENTS_ADDRESS) / HANDLE as u64;

/// The place of a shared global.
#[derive(Debug, Clone, Copy)]
pub(in crate::threadify) struct Cell {
    pub address: u32,
    pub ty: CellType,
}

/// The type of a cell's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::threadify) enum CellType {
    I32,
    I64,
    F32,
    F64,
    V128,
    Handle,
}

/// The cells for an element segment.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::threadify) struct SegmentCells {
    /// The address of its handles.
    pub handles: Option<u32>,
    /// The address of what says whether it is dropped.
    pub dropped: Option<u32>,
}

/// Allocates addresses.
#[derive(Default)]
struct Allocator {
    end: u32,
}

impl Allocator {
    fn allocate(&mut self, size: u32) -> Result<u32, LowerError> {
        const ALIGNMENT: u32 = 8;
        let address = self.end;
        // Items of size zero also get a place, since code may refer to them. So the memory exists.
        let end = address
            .checked_add(size.max(1))
            .and_then(|end| end.checked_next_multiple_of(ALIGNMENT));
        self.end = end.ok_or_else(|| {
            LowerError::unsupported("a component with so many shared globals", "define fewer of them")
        })?;
        Ok(address)
    }
}

/// The tables and globals that some instance writes, and the [tables](early) whose initialization other code can
/// observe, by the instance that defines them.
struct Written {
    tables: BTreeSet<Definer>,
    globals: BTreeSet<Definer>,
}

impl Written {
    fn new(input: &Input<'_>, facts: &[Facts]) -> Result<Self, LowerError> {
        let definers = Definers::new(input, facts)?;
        let mut written = Written {
            tables: early::tables(input, facts, &definers)?,
            globals: BTreeSet::new(),
        };
        for (_, instance, table) in &input.host_tables {
            let (definer, index) = at(&definers.tables[instance.0], *table)?;
            let module = &facts[definer.0].module;
            let ty = module.tables.get(index as usize);
            if ty.is_some_and(|ty| ty.maximum.is_none_or(|maximum| maximum > ty.initial)) {
                written.tables.insert((definer, index));
            }
        }
        for (facts, (tables, globals)) in facts.iter().zip(definers.tables.iter().zip(&definers.globals)) {
            for table in &facts.written_tables {
                written.tables.insert(at(tables, *table)?);
            }
            for global in &facts.written_globals {
                written.globals.insert(at(globals, *global)?);
            }
        }
        Ok(written)
    }
}

impl Layout {
    /// Lays out tables, globals and segments, and the hidden memories.
    pub(super) fn lay_out_hidden(&mut self, input: &Input<'_>, facts: &[Facts]) -> Result<(), LowerError> {
        let written = Written::new(input, facts)?;
        let mut cells = Allocator::default();
        self.lay_out_globals(input, facts, &written, &mut cells)?;
        self.lay_out_tables(input, facts, &written)?;
        for ((spaces, facts), instance) in self.instances.iter_mut().zip(facts).zip(&input.instances) {
            let on_many_threads = instance.items.functions.contains(&true);
            lay_out_segments(spaces, facts, on_many_threads, &mut cells)?;
        }
        if cells.end > 0 {
            let size = u64::from(cells.end);
            self.cells = Some(self.hidden_memory(size, size));
        }
        let notifies = |(instance, facts): (&Instance<'_>, &Facts)| {
            let shared = |memory: &u32| instance.memories.get(*memory as usize).copied().flatten();
            facts.notify.iter().any(|memory| shared(memory).is_some())
        };
        if input.instances.iter().zip(facts).any(notifies) {
            self.waiter_counts = Some(self.hidden_memory(WAITER_COUNTS_SIZE, WAITER_COUNTS_SIZE));
        }
        Ok(())
    }

    /// Globals from the host come first, then those that instances define, then the context slots.
    fn lay_out_globals(
        &mut self,
        input: &Input<'_>,
        facts: &[Facts],
        written: &Written,
        cells: &mut Allocator,
    ) -> Result<(), LowerError> {
        let imports = input.instances.iter().zip(facts);
        let imports = imports.flat_map(|(instance, facts)| facts.module.imports.iter().zip(&instance.arguments));
        let is_host_global =
            |(ty, argument): &(&TypeRef, &Argument)| matches!((ty, argument), (TypeRef::Global(_), Argument::Host(_)));
        let (mut next_import, mut next) = (0, imports.clone().filter(is_host_global).count() as u32);
        for (index, (instance, facts)) in input.instances.iter().zip(facts).enumerate() {
            for (ty, argument) in facts.module.imports.iter().zip(&instance.arguments) {
                let global = match (ty, argument) {
                    (_, Argument::Item(from, Item::Global(global))) => at(&self.spaces(*from).globals, *global)?,
                    (TypeRef::Global(_), Argument::Host(_)) => {
                        next_import += 1;
                        GlobalAt::Index(next_import - 1)
                    }
                    (TypeRef::Global(_), other) => {
                        return Err(LowerError::Internal(format!("an imported global is given {other:?}")));
                    }
                    (
                        TypeRef::Func(_)
                        | TypeRef::FuncExact(_)
                        | TypeRef::Table(_)
                        | TypeRef::Memory(_)
                        | TypeRef::Tag(_),
                        _,
                    ) => continue,
                };
                self.instances[index].globals.push(global);
            }
            for (ty, global) in facts
                .module
                .globals
                .iter()
                .zip(0..)
                .skip(facts.module.imported.globals as usize)
            {
                let is_written = written.globals.contains(&(InstanceIndex(index), global));
                let at = if is_written && shared(&instance.items.globals, global)? {
                    let ty = cell_type(ty, global, facts)?;
                    self.has_handles |= ty == CellType::Handle;
                    let address = cells.allocate(ty.size())?;
                    GlobalAt::Cell(Cell { address, ty })
                } else {
                    next += 1;
                    GlobalAt::Index(next - 1)
                };
                self.instances[index].globals.push(at);
            }
        }
        let accesses = imports.filter_map(|(_, argument)| match argument {
            Argument::Context(access) => Some(access.slot),
            Argument::Item(..)
            | Argument::Task(_)
            | Argument::SpawnIndirect(..)
            | Argument::NewIndirect(..)
            | Argument::SpawnRef(_)
            | Argument::Host(_) => None,
        });
        self.context_slots = accesses.collect::<BTreeSet<_>>().into_iter().zip(next..).collect();
        Ok(())
    }

    fn lay_out_tables(&mut self, input: &Input<'_>, facts: &[Facts], written: &Written) -> Result<(), LowerError> {
        for (index, (instance, facts)) in input.instances.iter().zip(facts).enumerate() {
            for (from, table) in given(instance, Item::table) {
                let at = at(&self.spaces(from).tables, table)?;
                self.instances[index].tables.push(at);
            }
            for (ty, table) in facts
                .module
                .tables
                .iter()
                .zip(0..)
                .skip(facts.module.imported.tables as usize)
            {
                let is_written = written.tables.contains(&(InstanceIndex(index), table));
                let at = if is_written && shared(&instance.items.tables, table)? {
                    TableAt::Written(self.written_table(ty, table, facts)?)
                } else {
                    self.fixed_tables += 1;
                    TableAt::Fixed(self.fixed_tables - 1)
                };
                self.instances[index].tables.push(at);
            }
            for table in instance.arguments.iter().filter_map(Argument::start_table) {
                let at = at(&self.spaces(table.instance).tables, table.table)?;
                if let TableAt::Fixed(index) = at {
                    self.start_tables.insert(table.export_name(), index);
                }
            }
        }
        Ok(())
    }

    fn written_table(&mut self, ty: &TableType, table: u32, facts: &Facts) -> Result<WrittenTableIndex, LowerError> {
        if !facts.module.is_function_reference(ty.element_type) {
            return Err(LowerError::unsupported(
                format!("writing to shared table {table} of `{}`", ty.element_type),
                "threads can only share references to functions",
            ));
        }
        let size = |elements: u64| TABLE_ELEMENTS_ADDRESS + elements * u64::from(HANDLE);
        let maximum = ty.maximum.unwrap_or(MAX_ELEMENTS).min(MAX_ELEMENTS);
        if ty.initial > maximum {
            return Err(LowerError::unsupported(
                format!("writing to shared table {table} of {} elements", ty.initial),
                format!("use at most {MAX_ELEMENTS} elements"),
            ));
        }
        self.has_handles = true;
        let memory = self.hidden_memory(size(ty.initial), size(maximum));
        self.tables.push(WrittenTable {
            memory,
            maximum,
            table64: ty.table64,
        });
        let index = WrittenTableIndex(self.tables.len() as u32 - 1);
        if ty.initial == maximum {
            self.fixed_lengths.insert(index, maximum);
        }
        Ok(index)
    }

    fn hidden_memory(&mut self, minimum: u64, maximum: u64) -> MemoryIndex {
        self.memories.push(Memory {
            minimum: minimum.div_ceil(PAGE),
            maximum: maximum.div_ceil(PAGE),
            memory64: false,
            shared: true,
            hidden: true,
        });
        MemoryIndex(self.memories.len() as u32 - 1)
    }
}

fn lay_out_segments(
    spaces: &mut Spaces,
    facts: &Facts,
    on_many_threads: bool,
    cells: &mut Allocator,
) -> Result<(), LowerError> {
    let is_written = |table: u32| matches!(spaces.tables.get(table as usize), Some(TableAt::Written(_)));
    let copied = facts.initialized_tables.iter().filter(|(table, _)| is_written(*table));
    let copied = copied.map(|(_, segment)| *segment).collect::<BTreeSet<_>>();
    for (count, segment) in facts.element_counts.iter().zip(0..) {
        let active = facts.elements.active.get(segment as usize).copied().flatten();
        let needs_handles = active.map_or(copied.contains(&segment), is_written);
        let handles = match needs_handles {
            true => Some(cells.allocate(handles_size(*count)?)?),
            false => None,
        };
        let dropped = match on_many_threads && facts.elements.remembers_drop(segment) {
            true => Some(cells.allocate(FLAG)?),
            false => None,
        };
        if handles.is_some() || dropped.is_some() {
            spaces.element_cells.insert(segment, SegmentCells { handles, dropped });
        }
    }
    for segment in 0..facts.data.count {
        if on_many_threads && facts.data.remembers_drop(segment) {
            spaces.data_dropped.insert(segment, cells.allocate(FLAG)?);
        }
    }
    Ok(())
}

fn handles_size(count: u32) -> Result<u32, LowerError> {
    let too_many = || LowerError::unsupported(format!("a segment of {count} elements"), "split it");
    count.checked_mul(HANDLE).ok_or_else(too_many)
}

/// The type of a global's cell.
fn cell_type(ty: &GlobalType, global: u32, facts: &Facts) -> Result<CellType, LowerError> {
    Ok(match ty.content_type {
        ValType::I32 => CellType::I32,
        ValType::I64 => CellType::I64,
        ValType::F32 => CellType::F32,
        ValType::F64 => CellType::F64,
        ValType::V128 => CellType::V128,
        ValType::Ref(reference) if facts.module.is_function_reference(reference) => CellType::Handle,
        ValType::Ref(reference) => {
            return Err(LowerError::unsupported(
                format!("writing to shared global {global} of type `{reference}`"),
                "threads can only share numbers, vectors and references to functions",
            ));
        }
    })
}

impl CellType {
    fn size(self) -> u32 {
        match self {
            CellType::I32 | CellType::F32 | CellType::Handle => 4,
            CellType::I64 | CellType::F64 => 8,
            CellType::V128 => 24,
        }
    }
}
