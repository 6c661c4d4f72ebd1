//! The first part of threadify: finds what a module defines and does, as far as the other parts need to know that
//! beforehand.

use super::accesses::GlobalAccess;
use super::input::{Argument, Instance, Task};
use crate::binary::module_items::ModuleItems;
use crate::chunks::bulk_operators::is_bulk;
use crate::error::LowerError;
use crate::plan::ComponentInstanceIndex;
use std::collections::{BTreeSet, HashMap};
use wasmparser::{DataKind, ElementKind, Operator, Parser, Payload, TypeRef};

/// The results of the scan. Indices are the module's own.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub module: ModuleItems,
    pub start: Option<u32>,
    /// Whether the start function is one of the module's own and has no loops and no calls, like the one that linkers
    /// generate, with which the first thread copies the segments.
    pub start_is_short: bool,
    pub data: Segments,
    /// For each data segment, how many bytes it has.
    pub data_sizes: Vec<u32>,
    pub elements: Segments,
    /// For each element segment, how many elements it has.
    pub element_counts: Vec<u32>,
    /// For each function with a body, whether it contains an instruction whose rewriting depends on the context: a
    /// loop, a notification, a bulk instruction, or the start of a task.
    pub depends_on_context: Vec<bool>,
    /// The tables that the code writes. The fields below list what else the code does.
    pub written_tables: BTreeSet<u32>,
    pub written_globals: BTreeSet<u32>,
    /// The memories on which the code uses `memory.atomic.wait32`. The next fields are alike.
    pub wait32: BTreeSet<u32>,
    pub wait64: BTreeSet<u32>,
    pub notify: BTreeSet<u32>,
    pub grown_memories: BTreeSet<u32>,
    /// The tables on which the code uses `table.grow`.
    pub grown_tables: BTreeSet<u32>,
    /// The functions in which tasks begin, and the component instances of those tasks.
    pub entered: BTreeSet<(u32, ComponentInstanceIndex)>,
    /// The element segments that the code copies, and the tables into which it copies them.
    pub initialized_tables: BTreeSet<(u32, u32)>,
}

/// The segments of one kind, and what the code does with them.
#[derive(Debug, Default)]
pub(super) struct Segments {
    pub count: u32,
    /// For each segment that is copied at instantiation, the memory or table.
    pub active: Vec<Option<u32>>,
    pub copied: BTreeSet<u32>,
    pub dropped: BTreeSet<u32>,
}

impl Segments {
    fn add(&mut self, active: Option<u32>) {
        self.active.push(active);
        self.count += 1;
    }

    /// Whether code finds the segment empty, because instantiation has dropped it.
    pub fn is_empty(&self, segment: u32) -> bool {
        self.active.get(segment as usize).is_some_and(Option::is_some)
    }

    /// Whether a program can observe that a passive segment has been dropped.
    pub fn remembers_drop(&self, segment: u32) -> bool {
        !self.is_empty(segment) && self.copied.contains(&segment) && self.dropped.contains(&segment)
    }
}

pub(super) fn scan(instance: &Instance<'_>) -> Result<Facts, LowerError> {
    let mut facts = Facts::default();
    for payload in Parser::new(0).parse_all(instance.wasm) {
        let payload = payload?;
        facts.module.section(&payload)?;
        match payload {
            Payload::StartSection { func, .. } => facts.start = Some(func),
            Payload::ElementSection(section) => {
                for element in section {
                    facts.element(&element?);
                }
            }
            Payload::DataSection(section) => {
                for data in section {
                    let data = data?;
                    facts.data_sizes.push(data.data.len() as u32);
                    facts.data.add(match data.kind {
                        DataKind::Active { memory_index, .. } => Some(memory_index),
                        DataKind::Passive => None,
                    });
                }
            }
            Payload::CodeSectionEntry(body) => {
                let mut operators = body.get_operators_reader()?;
                let mut depends_on_context = false;
                let mut is_short = true;
                let enters = facts.enters(instance);
                let mut last_constant = None;
                while !operators.eof() {
                    let operator = operators.read()?;
                    match operator {
                        Operator::I32Const { value } => last_constant = Some(value),
                        Operator::Call { function_index } if let Some(stays) = enters.get(&function_index) => {
                            let function = facts.module.imported.functions + facts.depends_on_context.len() as u32;
                            let callee = entered(last_constant)?;
                            if !stays {
                                facts.entered.insert((function, callee));
                            }
                            depends_on_context = true;
                        }
                        _ => last_constant = None,
                    }
                    depends_on_context |=
                        matches!(operator, Operator::Loop { .. } | Operator::MemoryAtomicNotify { .. })
                            || is_bulk(&operator);
                    is_short &= !matches!(
                        operator,
                        Operator::Loop { .. }
                            | Operator::Call { .. }
                            | Operator::CallIndirect { .. }
                            | Operator::CallRef { .. }
                            | Operator::ReturnCall { .. }
                            | Operator::ReturnCallIndirect { .. }
                            | Operator::ReturnCallRef { .. }
                    );
                    facts.operator(&operator);
                }
                let function = facts.module.imported.functions + facts.depends_on_context.len() as u32;
                facts.start_is_short |= is_short && facts.start == Some(function);
                facts.depends_on_context.push(depends_on_context);
            }
            _ => {}
        }
    }
    Ok(facts)
}

/// Whether the record says that an item is shared.
pub(super) fn shared(items: &[bool], index: u32) -> Result<bool, LowerError> {
    let shared = items.get(index as usize).copied();
    shared.ok_or_else(|| LowerError::Internal(format!("nothing is recorded of whether item {index} is shared")))
}

/// The component instance whose task begins. The translator passes it last, as a constant.
pub(crate) fn entered(last_constant: Option<i32>) -> Result<ComponentInstanceIndex, LowerError> {
    let unknown = || LowerError::Internal("an adapter begins a task of an unknown component instance".to_owned());
    Ok(ComponentInstanceIndex(last_constant.ok_or_else(unknown)? as u32))
}

impl Facts {
    /// How many parameters a function has.
    pub fn parameters(&self, function: u32) -> Result<u32, LowerError> {
        let unknown = || LowerError::Internal(format!("function {function} of a valid module has no function type"));
        self.module.parameter_count(function).ok_or_else(unknown)
    }

    /// The functions that begin a task, and whether it stays in the caller's instance.
    fn enters(&self, instance: &Instance<'_>) -> HashMap<u32, bool> {
        let imports = self.module.imports.iter().zip(&instance.arguments);
        let functions = imports.filter(|(ty, _)| matches!(ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
        let positions = functions.zip(0..).filter_map(|((_, argument), position)| {
            let Argument::Task(Task::Enter { stays, .. }) = argument else {
                return None;
            };
            Some((position, *stays))
        });
        positions.collect()
    }

    fn element(&mut self, element: &wasmparser::Element<'_>) {
        let count = match &element.items {
            wasmparser::ElementItems::Functions(functions) => functions.count(),
            wasmparser::ElementItems::Expressions(_, expressions) => expressions.count(),
        };
        self.element_counts.push(count);
        self.elements.add(match element.kind {
            ElementKind::Active { table_index, .. } => Some(table_index.unwrap_or(0)),
            // A declared segment is dropped at once, without being copied.
            ElementKind::Declared => Some(u32::MAX),
            ElementKind::Passive => None,
        });
    }

    fn operator(&mut self, operator: &Operator<'_>) {
        match *operator {
            Operator::MemoryAtomicWait32 { memarg } => {
                self.wait32.insert(memarg.memory);
            }
            Operator::MemoryAtomicWait64 { memarg } => {
                self.wait64.insert(memarg.memory);
            }
            Operator::MemoryAtomicNotify { memarg } => {
                self.notify.insert(memarg.memory);
            }
            Operator::MemoryGrow { mem } => {
                self.grown_memories.insert(mem);
            }
            Operator::MemoryInit { data_index, .. } => {
                self.data.copied.insert(data_index);
            }
            Operator::DataDrop { data_index } => {
                self.data.dropped.insert(data_index);
            }
            Operator::ElemDrop { elem_index } => {
                self.elements.dropped.insert(elem_index);
            }
            Operator::TableInit { elem_index, table } => {
                self.elements.copied.insert(elem_index);
                self.initialized_tables.insert((table, elem_index));
                self.written_tables.insert(table);
            }
            Operator::TableGrow { table } => {
                self.grown_tables.insert(table);
                self.written_tables.insert(table);
            }
            Operator::TableSet { table }
            | Operator::TableFill { table }
            | Operator::TableCopy { dst_table: table, .. } => {
                self.written_tables.insert(table);
            }
            _ => {
                if let Some(GlobalAccess { global, writes: true }) = GlobalAccess::of(operator) {
                    self.written_globals.insert(global);
                }
            }
        }
    }
}
