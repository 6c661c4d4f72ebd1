//! The third part of threadify: writes the run-time module. See the header of [`super`].
//!
//! Emit writes the items of one instance after another into each section, with the indices that
//! [`layout`](super::layout) assigned. If the code needs further types, functions or segments, emit requests them on
//! the way and writes them after the others.

mod adapters;
mod added_segments;
mod cells;
mod chunks;
mod code;
mod followed;
mod functions;
mod handles;
mod helper;
mod imports;
mod initialize;
mod notify;
mod once;
mod referred;
mod sections;
mod segments;
mod table_helpers;
mod tables;
mod vectors;

use super::input::{Input, Instance, InstanceIndex, Output, SlotType};
use super::layout::{FunctionAt, GlobalAt, Layout, TableAt};
use super::scan::Facts;
use crate::error::LowerError;
use crate::plan::{CORE_EXPORT, CoreTable, Initialization};
use adapters::AdapterTask;
use added_segments::AddedSegments;
use followed::Followed;
use helper::{AddedFunctions, Helper};
use once::Initialize;
use referred::Handles;
use sections::Sections;
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CompositeInnerType, CompositeType, ConstExpr, ExportKind, ExportSection, FuncType, GlobalType, SubType, ValType,
};
use wasmparser::{Parser, Payload};

type Result<T> = std::result::Result<T, Error<LowerError>>;

pub(super) fn emit(input: &Input<'_>, facts: &[Facts], layout: Layout) -> std::result::Result<Output, LowerError> {
    let mut emit = Emit::new(input, facts, &layout);
    let (wasm, initialization) = emit.module()?;
    let arguments = emit.arguments();
    let host_tables = input.host_tables.iter().map(|(name, instance, table)| {
        let tables = &layout.spaces(*instance).tables;
        match tables.get(*table as usize) {
            Some(TableAt::Fixed(_)) => Ok(CoreTable::Fixed(name.clone())),
            Some(TableAt::Written(written)) => Ok(CoreTable::Written(*written)),
            None => Err(LowerError::Internal(format!("table {table} has no index of its own"))),
        }
    });
    Ok(Output {
        host_tables: host_tables.collect::<std::result::Result<_, _>>()?,
        wasm,
        arguments,
        context_slots: layout.context_slots.keys().map(|slot| slot.export_name()).collect(),
        memories: layout.memories,
        tables: layout.tables,
        waiter_counts: layout.waiter_counts,
        initialization,
    })
}

struct Emit<'a> {
    input: &'a Input<'a>,
    facts: &'a [Facts],
    layout: &'a Layout,
    /// The instance that is being written.
    current: InstanceIndex,
    /// The position in the code section of its first body.
    first_body: u32,
    /// Types that are added after those of the instances.
    types: Vec<AddedType>,
    functions: AddedFunctions,
    segments: AddedSegments,
    handles: Handles,
    initialize: Initialize<'a>,
    /// The names of functions.
    names: BTreeMap<u32, String>,
    positions: Followed<'a>,
    /// The task of the adapter that is being written.
    task: AdapterTask,
}

/// A function type.
#[derive(PartialEq, Eq)]
struct AddedType {
    parameters: Vec<ValType>,
    results: Vec<ValType>,
    is_final: bool,
}

impl AddedType {
    fn encode(self) -> SubType {
        SubType {
            is_final: self.is_final,
            supertype_idx: None,
            composite_type: CompositeType {
                inner: CompositeInnerType::Func(FuncType::new(self.parameters, self.results)),
                shared: false,
                describes: None,
                descriptor: None,
            },
        }
    }
}

impl<'a> Emit<'a> {
    fn new(input: &'a Input<'a>, facts: &'a [Facts], layout: &'a Layout) -> Self {
        Emit {
            input,
            facts,
            layout,
            current: InstanceIndex(0),
            first_body: 0,
            types: Vec::new(),
            functions: AddedFunctions::new(layout.functions),
            segments: AddedSegments::new(layout.data, layout.elements),
            handles: Handles::default(),
            initialize: Initialize::default(),
            names: BTreeMap::new(),
            positions: Followed::default(),
            task: AdapterTask::default(),
        }
    }

    fn module(&mut self) -> std::result::Result<(Vec<u8>, Initialization), LowerError> {
        let mut sections = Sections::default();
        let input = self.input;
        for (index, instance) in input.instances.iter().enumerate() {
            self.current = InstanceIndex(index);
            self.first_body = sections.code.len();
            self.positions.begin();
            let initialized = self.initialized();
            for payload in Parser::new(0).parse_all(instance.wasm) {
                self.payload(&mut sections, payload?)?;
            }
            self.call_start()?;
            self.initialize_at_home(initialized)?;
        }
        for (start, first) in input.start_types.iter().zip(&self.layout.start_types) {
            start.declare(&mut sections.types, *first)?;
        }
        let initialization = self.initialization();
        self.add_context_slots(&mut sections);
        self.add_exports(&mut sections.exports)?;
        self.add_initialize(&mut sections);
        self.add_start_types(&mut sections);
        self.add_helpers(&mut sections)?;
        self.add_handles(&mut sections);
        self.segments.write(&mut sections);
        self.add_imports(&mut sections.imports)?;
        for ty in std::mem::take(&mut self.types) {
            sections.types.ty().subtype(&ty.encode());
        }
        Ok((sections.finish(&self.names, &self.positions), initialization))
    }

    fn payload(&mut self, sections: &mut Sections, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => self.parse_type_section(&mut sections.types, section),
            Payload::FunctionSection(section) => self.parse_function_section(&mut sections.functions, section),
            Payload::TableSection(section) => self.tables(&mut sections.tables, section),
            Payload::MemorySection(section) => {
                let first = self.facts().module.imported.memories as usize;
                for (memory, shared) in section.into_iter().zip(&self.instance().memories[first..]) {
                    if shared.is_none() {
                        sections.memories.memory(self.memory_type(memory?)?);
                    }
                }
                Ok(())
            }
            Payload::TagSection(section) => self.parse_tag_section(&mut sections.tags, section),
            Payload::GlobalSection(section) => self.globals(&mut sections.globals, section),
            Payload::ElementSection(section) => self.elements(&mut sections.elements, section),
            Payload::CodeSectionEntry(body) => self.function_body(&mut sections.code, &body),
            Payload::DataSection(section) => self.data(&mut sections.data, section),
            Payload::CustomSection(section) => {
                match section.as_known() {
                    wasmparser::KnownCustom::Name(names) => self.function_names(names)?,
                    // Drops others, because their offsets are no longer valid.
                    _ => self.positions.custom_section(&section),
                }
                Ok(())
            }
            // The run-time module has its own.
            Payload::Version { .. }
            | Payload::ImportSection(_)
            | Payload::ExportSection(_)
            | Payload::StartSection { .. }
            | Payload::DataCountSection { .. }
            | Payload::CodeSectionStart { .. }
            | Payload::End(_) => Ok(()),
            other => Err(Error::UserError(LowerError::Internal(format!(
                "a section of a core module is not expected: {other:?}"
            )))),
        }
    }

    fn spaces(&self) -> &'a super::layout::Spaces {
        self.layout.spaces(self.current)
    }

    fn instance(&self) -> &'a Instance<'a> {
        &self.input.instances[self.current.0]
    }

    fn facts(&self) -> &'a Facts {
        &self.facts[self.current.0]
    }

    /// The index of a function type. Adds the type if it was not added before.
    fn add_type(&mut self, parameters: &[ValType], results: &[ValType]) -> u32 {
        self.add_function_type(parameters, results, true)
    }

    fn add_function_type(&mut self, parameters: &[ValType], results: &[ValType], is_final: bool) -> u32 {
        let ty = AddedType {
            parameters: parameters.to_vec(),
            results: results.to_vec(),
            is_final,
        };
        let found = self.types.iter().position(|known| *known == ty);
        let position = found.unwrap_or_else(|| {
            self.types.push(ty);
            self.types.len() - 1
        });
        self.layout.types + position as u32
    }

    fn add_context_slots(&mut self, sections: &mut Sections) {
        for (slot, global) in &self.layout.context_slots {
            let (val_type, zero) = match slot.ty {
                SlotType::I32 => (ValType::I32, ConstExpr::i32_const(0)),
                SlotType::I64 => (ValType::I64, ConstExpr::i64_const(0)),
            };
            let ty = GlobalType {
                val_type,
                mutable: true,
                shared: false,
            };
            sections.globals.global(ty, &zero);
            sections
                .exports
                .export(&slot.export_name(), ExportKind::Global, *global);
        }
    }

    fn add_exports(&mut self, exports: &mut ExportSection) -> Result<()> {
        let input = self.input;
        for (name, instance, function) in &input.exports {
            self.current = *instance;
            let function = self.function_index(*function)?;
            exports.export(name, ExportKind::Func, function);
            // The host may put it into a table that threads share.
            if self.layout.has_handles && name.starts_with(CORE_EXPORT) {
                self.handles.refer(function);
            }
        }
        for (name, instance, memory) in &input.memory_exports {
            self.current = *instance;
            exports.export(name, ExportKind::Memory, self.memory_index(*memory)?);
        }
        for (name, instance, global) in &input.global_exports {
            self.current = *instance;
            exports.export(name, ExportKind::Global, self.global_index(*global)?);
        }
        for (name, instance, table) in &input.host_tables {
            self.current = *instance;
            if let Some(TableAt::Fixed(table)) = self.spaces().tables.get(*table as usize) {
                exports.export(name, ExportKind::Table, *table);
            }
        }
        for (name, table) in &self.layout.start_tables {
            exports.export(name, ExportKind::Table, *table);
        }
        Ok(())
    }

    /// The names that a module gives to functions.
    fn function_names(&mut self, names: wasmparser::NameSectionReader<'_>) -> Result<()> {
        for subsection in names {
            let wasmparser::Name::Function(names) = subsection? else {
                continue;
            };
            for naming in names {
                let naming = naming?;
                let Some(FunctionAt::Index(index)) = self.spaces().functions.get(naming.index as usize) else {
                    continue;
                };
                // The name in the defining module wins. That module comes before those that import the function.
                self.names.entry(*index).or_insert_with(|| naming.name.to_owned());
            }
        }
        Ok(())
    }
}

impl Reencode for Emit<'_> {
    type Error = LowerError;

    fn type_index(&mut self, ty: u32) -> Result<u32> {
        Ok(self.spaces().types + ty)
    }

    fn function_index(&mut self, function: u32) -> Result<u32> {
        match self.spaces().functions.get(function as usize) {
            Some(FunctionAt::Index(index)) => Ok(*index),
            Some(FunctionAt::Context(access)) => Ok(self.functions.get(Helper::Context(*access))),
            // Adapters only call these functions, and take no references to them.
            Some(FunctionAt::Task(_)) | None => Err(unknown("function", function)),
        }
    }

    fn table_index(&mut self, table: u32) -> Result<u32> {
        match self.spaces().tables.get(table as usize) {
            Some(TableAt::Fixed(index)) => Ok(*index),
            Some(TableAt::Written(_)) | None => Err(unknown("table", table)),
        }
    }

    fn memory_index(&mut self, memory: u32) -> Result<u32> {
        let index = self.spaces().memories.get(memory as usize).copied();
        index.ok_or_else(|| unknown("memory", memory))
    }

    fn global_index(&mut self, global: u32) -> Result<u32> {
        match self.spaces().globals.get(global as usize) {
            Some(GlobalAt::Index(index)) => Ok(*index),
            Some(GlobalAt::Cell(_)) | None => Err(unknown("global", global)),
        }
    }

    fn tag_index(&mut self, tag: u32) -> Result<u32> {
        let index = self.spaces().tags.get(tag as usize).copied();
        index.ok_or_else(|| unknown("tag", tag))
    }

    fn data_index(&mut self, data: u32) -> Result<u32> {
        Ok(self.spaces().data + data)
    }

    fn element_index(&mut self, element: u32) -> Result<u32> {
        Ok(self.spaces().elements + element)
    }

    /// Notes a function that code refers to: the module must declare it.
    fn instruction<'b>(&mut self, operator: wasmparser::Operator<'b>) -> Result<wasm_encoder::Instruction<'b>> {
        let instruction = utils::instruction(self, operator)?;
        if let wasm_encoder::Instruction::RefFunc(function) = instruction {
            self.handles.refer(function);
        }
        Ok(instruction)
    }
}

/// The error for invalid input. Validation refuses that, so only a bug in weft leads here.
fn unknown(kind: &str, index: u32) -> Error<LowerError> {
    internal(format!("{kind} {index} has no index of its own"))
}

fn internal(message: impl Into<String>) -> Error<LowerError> {
    Error::UserError(LowerError::Internal(message.into()))
}
