//! The second half of threadify: writes the run-time form. See the header of [`super`].

use super::scan::{Facts, shared};
use super::{AddedImport, ContextAccess, ContextSlots, Input, Output};
use crate::LowerError;
use crate::plan::{CONTEXT_SLOT_EXPORTS, INITIALIZE_EXPORT};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection, Instruction, MemorySection,
    Module, TableSection, TagSection, TypeSection, ValType,
};
use wasmparser::{DataKind, FunctionBody, Operator, Parser, Payload, TypeRef};

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

struct Copied {
    memory: u32,
    offset: Vec<Instruction<'static>>,
    size: u32,
}

/// The sections of the output, in its order.
#[derive(Default)]
struct Sections {
    types: TypeSection,
    imports: ImportSection,
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    tags: TagSection,
    globals: GlobalSection,
    exports: ExportSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
    names: Option<wasm_encoder::NameSection>,
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

    /// Imported memories come first, then those that become imports, then the rest.
    fn lay_out_memories(&mut self) {
        let is_imported = |memory: &u32| *memory < self.facts.imported_memories;
        let all = 0..self.facts.memories.len() as u32;
        let kept = all.filter(|memory| !self.is_dropped(*memory));
        let (imported, defined): (Vec<_>, Vec<_>) = kept.partition(is_imported);
        let becomes_import = |memory: &u32| shared(&self.input.items.memories, *memory);
        let (added, defined): (Vec<_>, Vec<_>) = defined.into_iter().partition(becomes_import);
        for (memory, index) in imported.iter().chain(&added).chain(&defined).zip(0..) {
            self.memories[*memory as usize] = Some(index);
        }
        self.added.extend(added.into_iter().map(AddedImport::Memory));
    }

    /// A module without code may define or pass on a shared memory, but does not use it. The plan knows which it is.
    fn is_dropped(&self, memory: u32) -> bool {
        !self.facts.uses_memories() && shared(&self.input.items.memories, memory)
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

    fn slot_global(&self, slot: usize) -> u32 {
        let first = match self.input.slots {
            ContextSlots::Import => self.facts.imported_globals,
            ContextSlots::Define => self.facts.imported_globals + self.facts.defined_globals,
        };
        first + slot as u32
    }

    fn add_initialize(&mut self, sections: &mut Sections) -> Result<()> {
        if !self.facts.initialize() {
            return Ok(());
        }
        let mut function = Function::new([]);
        for (copied, segment) in std::mem::take(&mut self.copied).iter().zip(0..) {
            let Some(copied) = copied else { continue };
            for instruction in &copied.offset {
                function.instruction(instruction);
            }
            let size = copied.size as i32;
            let mut instructions = function.instructions();
            instructions
                .i32_const(0)
                .i32_const(size)
                .memory_init(copied.memory, segment);
            self.drop_segment(&mut function, segment);
        }
        if let Some(start) = self.facts.start {
            function.instructions().call(self.function_index(start)?);
        }
        function.instructions().end();
        let ty = self.add_type(sections, &[], &[]);
        sections.functions.function(ty);
        let index = self.functions_before_definitions() + sections.functions.len() - 1;
        sections.exports.export(INITIALIZE_EXPORT, ExportKind::Func, index);
        sections.code.function(&function);
        Ok(())
    }

    /// An active segment of a shared memory becomes a passive one: it is copied once, not for each thread.
    fn data(&mut self, data: &mut DataSection, segment: wasmparser::Data<'_>) -> Result<()> {
        match &segment.kind {
            DataKind::Active {
                memory_index,
                offset_expr,
            } if shared(&self.input.items.memories, *memory_index) => {
                let mut offset = Vec::new();
                let mut operators = offset_expr.get_operators_reader();
                while !operators.eof() {
                    match operators.read()? {
                        Operator::End => break,
                        operator => offset.push(self.constant_instruction(operator)?),
                    }
                }
                let memory = self.memory_index(*memory_index)?;
                let size = segment.data.len() as u32;
                self.copied.push(Some(Copied { memory, offset, size }));
                data.passive(segment.data.iter().copied());
                Ok(())
            }
            _ => {
                self.copied.push(None);
                self.parse_data(data, segment)
            }
        }
    }

    /// The instructions that constant expressions of addresses are made of.
    fn constant_instruction(&mut self, operator: Operator<'_>) -> Result<Instruction<'static>> {
        Ok(match operator {
            Operator::I32Const { value } => Instruction::I32Const(value),
            Operator::I64Const { value } => Instruction::I64Const(value),
            Operator::GlobalGet { global_index } => Instruction::GlobalGet(self.global_index(global_index)?),
            Operator::I32Add => Instruction::I32Add,
            Operator::I32Sub => Instruction::I32Sub,
            Operator::I32Mul => Instruction::I32Mul,
            Operator::I64Add => Instruction::I64Add,
            Operator::I64Sub => Instruction::I64Sub,
            Operator::I64Mul => Instruction::I64Mul,
            other => {
                return Err(Error::UserError(LowerError::unsupported(
                    format!("`{other:?}` in the offset of a data segment"),
                    "use constants, globals and integer arithmetic",
                )));
            }
        })
    }

    fn drop_segment(&self, function: &mut Function, segment: u32) {
        match self.added_function(AddedImport::DropSegment) {
            Some(callee) => function.instructions().i32_const(segment as i32).call(callee),
            None => function.instructions().data_drop(segment),
        };
    }

    /// Copies a segment, or the empty one if some thread has dropped it: that traps where it should.
    fn copy_segment(&self, function: &mut Function, segment: u32, memory: u32, address: ValType) {
        let Some(callee) = self.added_function(AddedImport::IsSegmentDropped) else {
            function.instructions().memory_init(memory, segment);
            return;
        };
        let ty = self.copy_types[usize::from(address == ValType::I64)];
        let empty = self.facts.data_segments;
        let mut instructions = function.instructions();
        instructions.i32_const(segment as i32).call(callee);
        instructions.if_(BlockType::FunctionType(ty)).memory_init(memory, empty);
        instructions.else_().memory_init(memory, segment).end();
    }

    fn added_functions(&self) -> impl Iterator<Item = AddedImport> {
        self.added
            .iter()
            .copied()
            .filter(|import| !matches!(import, AddedImport::Memory(_) | AddedImport::ContextSlot(_)))
    }

    fn kept_functions(&self) -> u32 {
        self.context.iter().filter(|access| access.is_none()).count() as u32
    }

    fn functions_before_definitions(&self) -> u32 {
        self.kept_functions() + self.added_functions().count() as u32
    }

    /// The index of an added import that is a function.
    fn added_function(&self, import: AddedImport) -> Option<u32> {
        let position = self.added_functions().position(|added| added == import)?;
        Some(self.kept_functions() + position as u32)
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
        let imported = self.facts.imported_functions;
        if function >= imported {
            return Ok(function - imported + self.functions_before_definitions());
        }
        let before = &self.context[..self.context.len().min(function as usize)];
        let accesses = before.iter().flatten().count() as u32;
        match self.context.get(function as usize) {
            Some(Some(_)) => Ok(self.functions_before_definitions() + self.facts.defined_functions + accesses),
            _ => Ok(function - accesses),
        }
    }

    fn global_index(&mut self, global: u32) -> Result<u32> {
        let imports_slots = self.uses_slots() && self.input.slots == ContextSlots::Import;
        let added = if imports_slots {
            CONTEXT_SLOT_EXPORTS.len() as u32
        } else {
            0
        };
        Ok(if global < self.facts.imported_globals {
            global
        } else {
            global + added
        })
    }

    fn memory_index(&mut self, memory: u32) -> Result<u32> {
        Ok(self.memories.get(memory as usize).copied().flatten().unwrap_or(memory))
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<()> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            self.operator(&mut function, operators.read()?)?;
        }
        code.function(&function);
        Ok(())
    }
}

impl Sections {
    fn finish(self) -> Vec<u8> {
        let mut module = Module::new();
        module
            .section(&self.types)
            .section(&self.imports)
            .section(&self.functions)
            .section(&self.tables)
            .section(&self.memories)
            .section(&self.tags)
            .section(&self.globals)
            .section(&self.exports)
            .section(&self.elements)
            .section(&DataCountSection { count: self.data.len() })
            .section(&self.code)
            .section(&self.data);
        if let Some(names) = &self.names {
            module.section(names);
        }
        module.finish()
    }
}
