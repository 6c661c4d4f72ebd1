//! The first half of threadify: what a module defines and uses, as far as the second half has to know it beforehand.
//!
//! Writes to shared tables are found here, and refused.

use super::Input;
use crate::LowerError;
use crate::plan::{CONTEXT_SLOT_EXPORTS, INITIALIZE_EXPORT};
use std::collections::BTreeSet;
use wasmparser::{DataKind, MemoryType, Operator, Parser, Payload, TypeRef};

/// What the scan found. Indices are the input's.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// All memories, the imported ones first.
    pub memories: Vec<MemoryType>,
    pub imported_memories: u32,
    pub imported_functions: u32,
    pub imported_globals: u32,
    pub defined_functions: u32,
    pub defined_globals: u32,
    pub types: u32,
    pub start: Option<u32>,
    /// The shared memories that `memory.atomic.wait32` is applied to, and so on.
    pub wait32: BTreeSet<u32>,
    pub wait64: BTreeSet<u32>,
    pub notify: BTreeSet<u32>,
    /// How many data segments there are.
    pub data_segments: u32,
    /// Whether shared functions may copy or drop data segments.
    pub shares_segments: bool,
    /// Whether a data segment is copied into a shared memory at instantiation.
    pub active_data: bool,
}

impl Facts {
    /// Whether the module itself uses any memory.
    pub fn uses_memories(&self) -> bool {
        self.defined_functions > 0 || self.data_segments > 0
    }

    /// Whether something has to run once, rather than for each thread.
    pub fn initialize(&self) -> bool {
        self.active_data || self.start.is_some()
    }
}

pub(super) fn scan(input: &Input<'_>) -> Result<Facts, LowerError> {
    let mut facts = Facts::default();
    for payload in Parser::new(0).parse_all(input.wasm) {
        match payload? {
            Payload::TypeSection(section) => {
                for group in section {
                    facts.types += group?.types().len() as u32;
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    facts.import(import?.ty);
                }
            }
            Payload::FunctionSection(section) => facts.defined_functions = section.count(),
            Payload::MemorySection(section) => {
                for memory in section {
                    facts.memories.push(memory?);
                }
            }
            Payload::GlobalSection(section) => {
                facts.defined_globals = section.count();
                for (global, index) in section.into_iter().zip(facts.imported_globals..) {
                    refuse_mutable_global(input, index, global?.ty)?;
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    check_export_name(export?.name)?;
                }
            }
            Payload::StartSection { func, .. } => facts.start = Some(func),
            Payload::DataSection(section) => {
                facts.data_segments = section.count();
                for data in section {
                    if let DataKind::Active { memory_index, .. } = data?.kind {
                        facts.active_data |= shared(&input.items.memories, memory_index);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                let mut operators = body.get_operators_reader()?;
                while !operators.eof() {
                    let (operator, offset) = operators.read_with_offset()?;
                    facts.operator(input, &operator, offset as u64)?;
                }
            }
            _ => {}
        }
    }
    Ok(facts)
}

/// Whether the record says that an item is shared.
pub(super) fn shared(items: &[bool], index: u32) -> bool {
    items.get(index as usize).copied().unwrap_or(false)
}

/// The names of what the run-time form adds.
fn check_export_name(name: &str) -> Result<(), LowerError> {
    match name == INITIALIZE_EXPORT || CONTEXT_SLOT_EXPORTS.contains(&name) {
        true => Err(LowerError::unsupported(
            format!("a core module's export `{name}`"),
            "the name is weft's own: give it another",
        )),
        false => Ok(()),
    }
}

/// A shared global that can change would have to be one cell for all threads.
fn refuse_mutable_global(input: &Input<'_>, index: u32, ty: wasmparser::GlobalType) -> Result<(), LowerError> {
    if ty.mutable && shared(&input.items.globals, index) {
        return Err(LowerError::unsupported(
            format!("mutable shared global {index}"),
            "keep the value in a shared memory",
        ));
    }
    Ok(())
}

impl Facts {
    fn import(&mut self, ty: TypeRef) {
        match ty {
            TypeRef::Func(_) | TypeRef::FuncExact(_) => self.imported_functions += 1,
            TypeRef::Memory(ty) => {
                self.memories.push(ty);
                self.imported_memories += 1;
            }
            TypeRef::Global(_) => self.imported_globals += 1,
            TypeRef::Table(_) | TypeRef::Tag(_) => {}
        }
    }

    fn operator(&mut self, input: &Input<'_>, operator: &Operator<'_>, offset: u64) -> Result<(), LowerError> {
        let waits = match operator {
            Operator::MemoryAtomicWait32 { memarg } => Some((&mut self.wait32, memarg)),
            Operator::MemoryAtomicWait64 { memarg } => Some((&mut self.wait64, memarg)),
            Operator::MemoryAtomicNotify { memarg } => Some((&mut self.notify, memarg)),
            _ => None,
        };
        if let Some((memories, memarg)) = waits {
            if shared(&input.items.memories, memarg.memory) {
                memories.insert(memarg.memory);
            }
            return Ok(());
        }
        if let Operator::MemoryInit { .. } | Operator::DataDrop { .. } = operator {
            self.shares_segments |= input.items.functions.contains(&true);
        }
        let written = match *operator {
            Operator::TableSet { table }
            | Operator::TableGrow { table }
            | Operator::TableFill { table }
            | Operator::TableInit { table, .. } => Some(table),
            Operator::TableCopy { dst_table, .. } => Some(dst_table),
            _ => None,
        };
        match written {
            Some(table) if shared(&input.items.tables, table) => Err(LowerError::unsupported(
                format!("a write to shared table {table} (at offset {offset:#x} of its module)"),
                "fill the table with active element segments",
            )),
            _ => Ok(()),
        }
    }
}
