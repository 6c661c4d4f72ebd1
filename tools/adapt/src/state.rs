//! The core module `$state`: it defines everything that all threads share, separately from the code.
//!
//! ```wat
//! (core module $state
//!   (memory (export "memory") 17 16384 shared)
//!   (memory (export "records") 1 65536 shared)
//!   (table (export "table") shared 4 4 (ref null (shared func)))
//!   (table (export "threads") shared 1 1 (ref null (shared func))))
//! ```
//!
//! It is separate because host modules import the memory and `$main` imports host modules, so the memory must exist
//! before both. Also, the built-in that spawns threads needs its table before `$main` can import the built-in. A table
//! from which no built-in spawns stays in `$main`, since an engine fills a table faster if the same module defines it.

use crate::context_list::LIST_PAGES;
use crate::error::AdaptError;
use crate::index::{MainTable, MemoryIndex, TableIndex};
use crate::input::info::ModuleInfo;
use crate::plan::Plan;
use crate::plan::memory_and_table::{HostMemory, memory_name};
use crate::rewrite::{MAX_PAGES, Rewriter};
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    AbstractHeapType, ExportKind, ExportSection, HeapType, MemorySection, MemoryType, Module, RefType, TableSection,
    TableType,
};

/// `(ref null (shared func))`.
pub(crate) const SHARED_FUNCREF: RefType = RefType {
    nullable: true,
    heap_type: HeapType::Abstract {
        shared: true,
        ty: AbstractHeapType::Func,
    },
};

/// A memory or table of `$state`, and its export's name.
pub(crate) struct Exported<T> {
    pub(crate) name: String,
    pub(crate) ty: T,
}

/// What `$state` defines. The input's memories come first and keep their indices.
pub(crate) struct State {
    pub(crate) memories: Vec<Exported<MemoryType>>,
    pub(crate) tables: Vec<Exported<TableType>>,
    /// The memory that host modules import.
    pub(crate) host_memory: Option<MemoryIndex>,
    /// The memories that `$main` imports: all except an empty one that only host modules need.
    pub(crate) main_memories: usize,
    /// The memory of per-thread records.
    pub(crate) records: MemoryIndex,
    /// The memory that lists the stacks of functions that run in the middle of other threads' calls.
    pub(crate) contexts: MemoryIndex,
    /// The input's table from which the module's own `thread.spawn-indirect` takes functions.
    pub(crate) spawn_table: Option<MainTable>,
    /// The table of functions that the adapter's threads start with.
    pub(crate) threads: Option<MainTable>,
}

impl State {
    /// Lists what `$state` defines, and tells the rewriter where the tables are.
    pub(crate) fn new(info: &ModuleInfo<'_>, plan: &Plan<'_>, rewriter: &mut Rewriter) -> Result<State, AdaptError> {
        let mut memories = Vec::new();
        for (index, ty) in (0..).map(MemoryIndex).zip(&info.memories) {
            let is_main = plan.host_memory == HostMemory::Input(index) || info.memories.len() == 1;
            memories.push(Exported {
                name: memory_name(index, is_main),
                ty: rewriter.memory_type(*ty)?,
            });
        }
        let records = MemoryIndex(memories.len() as u32);
        if plan.main_record {
            // If running threads use no fields, there is only record 0.
            let maximum = if plan.globals.any_in_record() {
                MAX_PAGES
            } else {
                main_record_pages(plan)
            };
            memories.push(Exported {
                name: "records".to_string(),
                ty: shared_memory(main_record_pages(plan), maximum),
            });
        }
        let contexts = MemoryIndex(memories.len() as u32);
        if plan.contexts.is_some() {
            memories.push(Exported {
                name: "contexts".to_string(),
                ty: shared_memory(1, LIST_PAGES),
            });
        }
        let main_memories = memories.len();
        let host_memory = match plan.host_memory {
            HostMemory::None => None,
            HostMemory::Input(index) => Some(index),
            HostMemory::Empty => {
                memories.push(Exported {
                    name: "memory".to_string(),
                    ty: shared_memory(0, 0),
                });
                Some(MemoryIndex(main_memories as u32))
            }
        };
        let mut tables = Vec::new();
        let mut add = |name: &str, ty| {
            let name = name.to_string();
            tables.push(Exported { name, ty });
            MainTable(tables.len() as u32 - 1)
        };
        let spawn_table = match plan.spawn_table {
            Some(table) => Some(add("table", spawn_table_type(info, table, rewriter)?)),
            None => None,
        };
        let threads = match plan.thread_entries() {
            0 => None,
            count => Some(add("threads", threads_type(count))),
        };
        let mut next = tables.len() as u32;
        for table in (0..info.tables.len() as u32).map(TableIndex) {
            rewriter.tables.push(match spawn_table {
                Some(main) if plan.spawn_table == Some(table) => main,
                _ => {
                    next += 1;
                    MainTable(next - 1)
                }
            });
        }
        Ok(State {
            memories,
            tables,
            host_memory,
            main_memories,
            records,
            contexts,
            spawn_table,
            threads,
        })
    }

    /// Whether `$state` defines nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.memories.is_empty() && self.tables.is_empty()
    }

    /// Encodes `$state`.
    pub(crate) fn encode(&self) -> Module {
        let mut module = Module::new();
        let (mut tables, mut memories, mut exports) = (TableSection::new(), MemorySection::new(), ExportSection::new());
        for (index, table) in (0..).zip(&self.tables) {
            tables.table(table.ty);
            exports.export(&table.name, ExportKind::Table, index);
        }
        for (index, memory) in (0..).zip(&self.memories) {
            memories.memory(memory.ty);
            exports.export(&memory.name, ExportKind::Memory, index);
        }
        module.section(&tables).section(&memories).section(&exports);
        module
    }
}

/// The type of the table of functions that the adapter's threads start with.
fn threads_type(count: u32) -> TableType {
    TableType {
        element_type: SHARED_FUNCREF,
        table64: false,
        minimum: count.into(),
        maximum: Some(count.into()),
        shared: true,
    }
}

fn spawn_table_type(
    info: &ModuleInfo<'_>,
    index: TableIndex,
    rewriter: &mut Rewriter,
) -> Result<TableType, AdaptError> {
    let Some(table) = info.tables.get(index.0 as usize) else {
        return Err(AdaptError::missing("table", index.0));
    };
    let offset = table.offset;
    match table.init {
        Some(_) => Err(AdaptError::TableInitializer { index: index.0, offset }),
        None => Ok(rewriter.at("a table", offset).table_type(table.ty)?),
    }
}

fn main_record_pages(plan: &Plan<'_>) -> u64 {
    plan.globals.stride.div_ceil(0x10000)
}

fn shared_memory(minimum: u64, maximum: u64) -> MemoryType {
    MemoryType {
        minimum,
        maximum: Some(maximum),
        memory64: false,
        shared: true,
        page_size_log2: None,
    }
}
