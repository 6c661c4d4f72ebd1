//! The second half of threadify: writes the run-time form. See the header of [`super`].

mod indices;
mod sections;
mod segments;

use super::scan::{Facts, shared};
use super::unroll::unroll;
use super::{AddedImport, ContextAccess, ContextSlots, Input, Output};
use crate::LowerError;
use crate::plan::CONTEXT_SLOT_EXPORTS;
use sections::Sections;
use segments::Copied;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, ConstExpr, EntityType, ExportKind, Function, GlobalType, ImportSection, ValType};
use wasmparser::{FunctionBody, Operator, Parser, Payload, TypeRef};

type Result<T> = std::result::Result<T, Error<LowerError>>;

/// The module that imports of the run-time form come from. Only their order counts.
const IMPORT_MODULE: &str = "weft";

pub(super) fn rewrite(input: &Input<'_>, facts: &Facts) -> std::result::Result<Output, LowerError> {
    let mut rewrite = Rewrite::new(input, facts);
    let wasm = rewrite.module()?;
    Ok(Output {
        wasm,
        kept: rewrite.kept,
        added: rewrite.added,
        initialize: facts.initialize(),
    })
}

struct Rewrite<'a> {
    input: &'a Input<'a>,
    facts: &'a Facts,
    added: Vec<AddedImport>,
    /// For each imported function of the input, the slot access that it is, if it is one.
    context: Vec<Option<ContextAccess>>,
    /// The input's data segments: for one that becomes passive, its memory, the code of its offset and its size.
    copied: Vec<Option<Copied>>,
    /// For each memory of the input, its index in the output, unless it is dropped.
    memories: Vec<Option<u32>>,
    /// For each import of the input, whether the output has it.
    kept: Vec<bool>,
    /// The types of what copies a data segment: its operands, for both widths of addresses.
    copy_types: [u32; 2],
    /// The type index that the next added type gets.
    next_type: u32,
}

impl<'a> Rewrite<'a> {
    fn new(input: &'a Input<'a>, facts: &'a Facts) -> Self {
        let mut rewrite = Rewrite {
            input,
            facts,
            added: Vec::new(),
            context: Vec::new(),
            copied: Vec::new(),
            memories: vec![None; facts.memories.len()],
            kept: Vec::new(),
            copy_types: [0; 2],
            next_type: facts.types,
        };
        rewrite.lay_out_memories();
        rewrite
            .added
            .extend(facts.wait32.iter().copied().map(AddedImport::Wait32));
        rewrite
            .added
            .extend(facts.wait64.iter().copied().map(AddedImport::Wait64));
        rewrite
            .added
            .extend(facts.notify.iter().copied().map(AddedImport::Notify));
        if facts.shares_segments {
            let added = [AddedImport::IsSegmentDropped, AddedImport::DropSegment];
            rewrite.added.extend(added);
        }
        if rewrite.uses_slots() && input.slots == ContextSlots::Import {
            rewrite.added.extend([0, 1].map(AddedImport::ContextSlot));
        }
        rewrite
    }

    fn uses_slots(&self) -> bool {
        self.input.imports.iter().any(Option::is_some)
    }

    fn module(&mut self) -> std::result::Result<Vec<u8>, LowerError> {
        let mut sections = Sections::default();
        for payload in Parser::new(0).parse_all(self.input.wasm) {
            self.payload(&mut sections, payload?)?;
        }
        self.add_types_and_imports(&mut sections);
        self.add_slots(&mut sections)?;
        self.add_initialize(&mut sections)?;
        Ok(sections.finish())
    }

    fn payload(&mut self, sections: &mut Sections, payload: Payload<'_>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => self.parse_type_section(&mut sections.types, section),
            Payload::ImportSection(section) => self.imports(&mut sections.imports, section),
            Payload::FunctionSection(section) => self.parse_function_section(&mut sections.functions, section),
            Payload::TableSection(section) => self.parse_table_section(&mut sections.tables, section),
            Payload::MemorySection(section) => {
                for (memory, index) in section.into_iter().zip(self.facts.imported_memories..) {
                    if !shared(&self.input.items.memories, index) {
                        sections.memories.memory(self.memory_type(memory?)?);
                    }
                }
                Ok(())
            }
            Payload::TagSection(section) => self.parse_tag_section(&mut sections.tags, section),
            Payload::GlobalSection(section) => self.parse_global_section(&mut sections.globals, section),
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind != wasmparser::ExternalKind::Memory || !self.is_dropped(export.index) {
                        self.parse_export(&mut sections.exports, export)?;
                    }
                }
                Ok(())
            }
            Payload::ElementSection(section) => self.parse_element_section(&mut sections.elements, section),
            Payload::CodeSectionStart { .. } if self.facts.shares_segments => {
                let copy = |address| [address, ValType::I32, ValType::I32];
                self.copy_types = [ValType::I32, ValType::I64].map(|ty| self.add_type(sections, &copy(ty), &[]));
                Ok(())
            }
            Payload::CodeSectionEntry(body) => self.parse_function_body(&mut sections.code, body),
            Payload::DataSection(section) => {
                for segment in section {
                    self.data(&mut sections.data, segment?)?;
                }
                if self.facts.shares_segments {
                    // What a copy of a dropped segment copies.
                    sections.data.passive([]);
                }
                Ok(())
            }
            Payload::CustomSection(section) => {
                if let wasmparser::KnownCustom::Name(names) = section.as_known() {
                    sections.names = Some(self.custom_name_section(names)?);
                }
                Ok(())
            }
            // The start function becomes part of what runs once; other custom sections speak of offsets that have moved.
            _ => Ok(()),
        }
    }

    /// Copies the imports, without the context built-ins, and with `shared` on the memories that had it.
    fn imports(&mut self, imports: &mut ImportSection, section: wasmparser::ImportSectionReader<'_>) -> Result<()> {
        let mut memory_index = 0;
        for (import, position) in section.into_imports().zip(0_usize..) {
            let import = import?;
            let access = self.input.imports.get(position).copied().flatten();
            let keep = access.is_none();
            match import.ty {
                TypeRef::Func(_) | TypeRef::FuncExact(_) => self.context.push(access),
                TypeRef::Memory(ty) => {
                    let mut ty = self.memory_type(ty)?;
                    ty.shared = shared(&self.input.items.memories, memory_index);
                    let keep = !self.is_dropped(memory_index);
                    memory_index += 1;
                    if keep {
                        imports.import(import.module, import.name, ty);
                    }
                    self.kept.push(keep);
                    continue;
                }
                _ => {}
            }
            if keep {
                self.parse_import(imports, import)?;
            }
            self.kept.push(keep);
        }
        Ok(())
    }

    fn add_types_and_imports(&mut self, sections: &mut Sections) {
        for import in self.added.clone() {
            let entity = match import {
                AddedImport::Memory(memory) => {
                    let ty = self.facts.memories[memory as usize];
                    EntityType::Memory(wasm_encoder::MemoryType {
                        minimum: ty.initial,
                        maximum: ty.maximum,
                        memory64: ty.memory64,
                        shared: true,
                        page_size_log2: ty.page_size_log2,
                    })
                }
                AddedImport::ContextSlot(_) => EntityType::Global(SLOT_TYPE),
                AddedImport::Wait32(memory) => {
                    let parameters = [self.address_type(memory), ValType::I32, ValType::I64, ValType::I64];
                    EntityType::Function(self.add_type(sections, &parameters, &[ValType::I32]))
                }
                AddedImport::Wait64(memory) => {
                    let parameters = [self.address_type(memory), ValType::I64, ValType::I64, ValType::I64];
                    EntityType::Function(self.add_type(sections, &parameters, &[ValType::I32]))
                }
                AddedImport::Notify(memory) => {
                    let parameters = [self.address_type(memory), ValType::I32, ValType::I64];
                    EntityType::Function(self.add_type(sections, &parameters, &[ValType::I32]))
                }
                AddedImport::IsSegmentDropped => {
                    EntityType::Function(self.add_type(sections, &[ValType::I32], &[ValType::I32]))
                }
                AddedImport::DropSegment => EntityType::Function(self.add_type(sections, &[ValType::I32], &[])),
            };
            sections.imports.import(IMPORT_MODULE, import.name(), entity);
        }
    }

    fn add_type(&mut self, sections: &mut Sections, parameters: &[ValType], results: &[ValType]) -> u32 {
        let (parameters, results) = (parameters.iter().copied(), results.iter().copied());
        sections.types.ty().function(parameters, results);
        self.next_type += 1;
        self.next_type - 1
    }

    fn address_type(&self, memory: u32) -> ValType {
        match self.facts.memories.get(memory as usize) {
            Some(ty) if ty.memory64 => ValType::I64,
            _ => ValType::I32,
        }
    }

    /// Defines the slots, where they are defined, and a function for each access that something may refer to.
    fn add_slots(&mut self, sections: &mut Sections) -> Result<()> {
        if !self.uses_slots() {
            return Ok(());
        }
        if self.input.slots == ContextSlots::Define {
            for (name, slot) in CONTEXT_SLOT_EXPORTS.iter().zip(0..) {
                sections.globals.global(SLOT_TYPE, &ConstExpr::i32_const(0));
                sections
                    .exports
                    .export(name, ExportKind::Global, self.slot_global(slot));
            }
        }
        for access in self.context.clone().into_iter().flatten() {
            let mut function = Function::new([]);
            let global = self.slot_global(access.slot);
            let ty = if access.set {
                function.instructions().local_get(0).global_set(global).end();
                self.add_type(sections, &[ValType::I32], &[])
            } else {
                function.instructions().global_get(global).end();
                self.add_type(sections, &[], &[ValType::I32])
            };
            sections.functions.function(ty);
            sections.code.function(&function);
        }
        Ok(())
    }

    /// Writes one instruction of the input, as one or as several.
    fn operator(&mut self, function: &mut Function, operator: Operator<'_>) -> Result<()> {
        let (import, memarg) = match &operator {
            Operator::MemoryAtomicWait32 { memarg } => (AddedImport::Wait32(memarg.memory), *memarg),
            Operator::MemoryAtomicWait64 { memarg } => (AddedImport::Wait64(memarg.memory), *memarg),
            Operator::MemoryAtomicNotify { memarg } => (AddedImport::Notify(memarg.memory), *memarg),
            Operator::DataDrop { data_index } => {
                self.drop_segment(function, *data_index);
                return Ok(());
            }
            Operator::MemoryInit { data_index, mem } => {
                let address = self.address_type(*mem);
                let memory = self.memory_index(*mem)?;
                self.copy_segment(function, *data_index, memory, address);
                return Ok(());
            }
            Operator::Call { function_index } => {
                let access = self.context.get(*function_index as usize).copied().flatten();
                match access {
                    Some(access) if access.set => {
                        function.instructions().global_set(self.slot_global(access.slot));
                    }
                    Some(access) => {
                        function.instructions().global_get(self.slot_global(access.slot));
                    }
                    None => {
                        function.instructions().call(self.function_index(*function_index)?);
                    }
                }
                return Ok(());
            }
            _ => {
                function.instruction(&self.instruction(operator)?);
                return Ok(());
            }
        };
        match self.added_function(import) {
            Some(callee) => {
                function.instructions().i64_const(memarg.offset as i64).call(callee);
            }
            // Of a memory that is not shared: the instruction itself does what is to be done.
            None => {
                function.instruction(&self.instruction(operator)?);
            }
        }
        Ok(())
    }
}

const SLOT_TYPE: GlobalType = GlobalType {
    val_type: ValType::I32,
    mutable: true,
    shared: false,
};

impl AddedImport {
    fn name(self) -> &'static str {
        match self {
            AddedImport::Memory(_) => "memory",
            AddedImport::Wait32(_) => "wait32",
            AddedImport::Wait64(_) => "wait64",
            AddedImport::Notify(_) => "notify",
            AddedImport::IsSegmentDropped => "is-segment-dropped",
            AddedImport::DropSegment => "drop-segment",
            AddedImport::ContextSlot(_) => "context",
        }
    }
}

impl Reencode for Rewrite<'_> {
    type Error = LowerError;

    fn function_index(&mut self, function: u32) -> Result<u32> {
        Ok(self.new_function_index(function))
    }

    fn global_index(&mut self, global: u32) -> Result<u32> {
        Ok(self.new_global_index(global))
    }

    fn memory_index(&mut self, memory: u32) -> Result<u32> {
        Ok(self.memories.get(memory as usize).copied().flatten().unwrap_or(memory))
    }

    /// Labels are numbered by position, which unrolling changes.
    fn parse_custom_name_subsection(
        &mut self,
        names: &mut wasm_encoder::NameSection,
        section: wasmparser::Name<'_>,
    ) -> Result<()> {
        match section {
            wasmparser::Name::Label(_) => Ok(()),
            other => utils::parse_custom_name_subsection(self, names, other),
        }
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<()> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let operators = body.get_operators_reader()?.into_iter();
        for operator in unroll(operators.collect::<std::result::Result<_, _>>()?) {
            self.operator(&mut function, operator)?;
        }
        code.function(&function);
        Ok(())
    }
}
