//! Core modules: removes `shared` from their types. If threads take turns, also turns atomic accesses of shared items
//! into plain ones.

use super::atomics::Access;
use super::body::Body;
use crate::binary::module_items::ModuleItems;
use crate::binary::positions::{self, Moves, Positions, SourceIndex};
use crate::binary::verbatim::{Part, Staying, for_each_part_at};
use crate::error::LowerError;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, CustomSection, Instruction, Module, NameSection, RawSection};
use wasmparser::{AbstractHeapType, CustomSectionReader, FunctionBody, NameSectionReader, Operator, Parser};

type Result<T> = std::result::Result<T, Error<LowerError>>;

/// Which atomic accesses to globals, tables and the heap become plain ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Atomics {
    /// Those to unshared items, which only one thread can reach. Items that several threads cannot share are refused.
    KeepShared,
    /// All, because threads take turns.
    Plain,
}

/// Whether memories stay shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SharedMemories {
    Keep,
    Unshare,
}

/// The reencoder of one module.
pub(super) struct UnshareModule<'a> {
    items: &'a ModuleItems,
    atomics: Atomics,
    memories: SharedMemories,
    /// The index of the next function that has a body.
    function: u32,
    /// The positions in the module, if it has any, and those of the output.
    positions: Option<(Positions, Positions)>,
}

/// Removes `shared` from a core module.
pub(super) fn unshare_module(
    module: &[u8],
    parser: Parser,
    items: &ModuleItems,
    atomics: Atomics,
    memories: SharedMemories,
) -> Result<Module> {
    let mut output = Module::new();
    let mut unshare = UnshareModule {
        items,
        atomics,
        memories,
        function: items.imported.functions,
        positions: Positions::of_source(module).map(|positions| (positions, Positions::default())),
    };
    unshare.parse_core_module(&mut output, parser, module)?;
    match unshare.positions {
        None => Ok(output),
        Some((_, positions)) => before_all_sections(&positions, &output.finish()),
    }
}

/// Inserts the positions before the other sections. They are known only once the code is written.
fn before_all_sections(positions: &Positions, module: &[u8]) -> Result<Module> {
    let mut output = Module::new();
    output.section(&CustomSection {
        name: positions::SECTION.into(),
        data: positions.encode().into(),
    });
    for payload in Parser::new(0).parse_all(module) {
        if let Some((id, range)) = payload?.as_section() {
            let data = &module[range];
            output.section(&RawSection { id, data });
        }
    }
    Ok(output)
}

impl UnshareModule<'_> {
    /// Records where the code of the next function has moved.
    fn moved(&mut self, moves: &Moves) {
        if let Some((before, after)) = &mut self.positions {
            after.push_moved(moves, before, SourceIndex(0), after.len());
        }
    }

    fn operator(&mut self, output: &mut Body, operator: Operator<'_>) -> Result<()> {
        let written = match Access::of(&operator) {
            Some(access) if self.atomics == Atomics::Plain || !access.is_shared(self.items) => {
                access.write(output, self.items, self)?
            }
            _ => false,
        };
        if !written {
            output.instruction(&self.instruction(operator)?);
        }
        Ok(())
    }
}

impl Reencode for UnshareModule<'_> {
    type Error = LowerError;

    fn heap_type(&mut self, ty: wasmparser::HeapType) -> Result<wasm_encoder::HeapType> {
        if let (wasmparser::HeapType::Abstract { shared: true, ty }, Atomics::KeepShared) = (ty, self.atomics)
            && !is_shared_by_threads(ty)
        {
            return Err(Error::UserError(LowerError::unsupported(
                format!("a reference to `(shared {})`", abstract_name(ty)),
                "threads can only share references to functions",
            )));
        }
        unshared::heap_type(self, ty)
    }

    fn composite_type(&mut self, ty: wasmparser::CompositeType) -> Result<wasm_encoder::CompositeType> {
        unshared::composite_type(self, ty)
    }

    fn memory_type(&mut self, ty: wasmparser::MemoryType) -> Result<wasm_encoder::MemoryType> {
        match self.memories {
            SharedMemories::Keep => Ok(utils::memory_type(self, ty)),
            SharedMemories::Unshare => Ok(unshared::memory_type(self, ty)),
        }
    }

    fn table_type(&mut self, ty: wasmparser::TableType) -> Result<wasm_encoder::TableType> {
        unshared::table_type(self, ty)
    }

    fn global_type(&mut self, ty: wasmparser::GlobalType) -> Result<wasm_encoder::GlobalType> {
        unshared::global_type(self, ty)
    }

    fn instruction<'a>(&mut self, instruction: Operator<'a>) -> Result<Instruction<'a>> {
        match (instruction, self.atomics) {
            (Operator::RefI31Shared, Atomics::Plain) => Ok(Instruction::RefI31),
            (Operator::RefI31Shared, Atomics::KeepShared) => Err(Error::UserError(LowerError::unsupported(
                "`ref.i31_shared`",
                "threads can only share references to functions",
            ))),
            (other, _) => utils::instruction(self, other),
        }
    }

    /// Core WebAssembly ignores errors in custom sections, so a malformed name section is cut at the error.
    fn custom_name_section(&mut self, section: NameSectionReader<'_>) -> Result<NameSection> {
        let mut names = NameSection::new();
        for subsection in section {
            let Ok(subsection) = subsection else { break };
            if self.parse_custom_name_subsection(&mut names, subsection).is_err() {
                break;
            }
        }
        Ok(names)
    }

    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Result<()> {
        match section.name() {
            // An unreadable section is dropped.
            positions::SECTION => {
                self.positions = Positions::decode(section.data()).map(|positions| (positions, Positions::default()));
                Ok(())
            }
            _ => utils::parse_custom_section(self, module, section),
        }
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<()> {
        let parameters = self.items.parameter_count(self.function);
        self.function += 1;
        if says_nothing_shared(body.as_bytes()) {
            code.raw(body.as_bytes());
            self.moved(&Moves::none(body.as_bytes().len()));
            return Ok(());
        }
        let Some(parameters) = parameters else {
            self.moved(&Moves::default());
            return utils::parse_function_body(self, code, body);
        };
        let mut output = Body::new(parameters);
        for locals in body.get_locals_reader()? {
            let (count, ty) = locals?;
            output.add_locals(count, self.val_type(ty)?);
        }
        let mut moves = Moves::default();
        for_each_part_at(&body, Staying::Items, |from, part| {
            moves.push(from, &part, output.len());
            match part {
                Part::Same(code) => {
                    output.raw(code);
                    Ok(())
                }
                Part::Changing(operator) => self.operator(&mut output, operator),
            }
        })?;
        self.moved(&moves);
        code.function(&output.finish());
        Ok(())
    }
}

/// Whether a function's body certainly does not change, as most do not, and can be copied. Only references to shared
/// heap types and atomic instructions change, and each contains one of two bytes.
fn says_nothing_shared(body: &[u8]) -> bool {
    const SHARED_HEAP_TYPE: u8 = 0x65;
    const ATOMIC_INSTRUCTION: u8 = 0xfe;
    !body
        .iter()
        .any(|byte| matches!(*byte, SHARED_HEAP_TYPE | ATOMIC_INSTRUCTION))
}

/// Whether threads can share references to a type without sharing a heap.
fn is_shared_by_threads(ty: AbstractHeapType) -> bool {
    use AbstractHeapType::{Exn, Func, NoExn, NoFunc};
    matches!(ty, Func | NoFunc | Exn | NoExn)
}

fn abstract_name(ty: AbstractHeapType) -> &'static str {
    match ty {
        AbstractHeapType::Any => "any",
        AbstractHeapType::Eq => "eq",
        AbstractHeapType::I31 => "i31",
        AbstractHeapType::Struct => "struct",
        AbstractHeapType::Array => "array",
        AbstractHeapType::Extern => "extern",
        AbstractHeapType::NoExtern => "noextern",
        AbstractHeapType::None => "none",
        AbstractHeapType::Cont => "cont",
        AbstractHeapType::NoCont => "nocont",
        AbstractHeapType::Func => "func",
        AbstractHeapType::NoFunc => "nofunc",
        AbstractHeapType::Exn => "exn",
        AbstractHeapType::NoExn => "noexn",
    }
}

/// Types without `shared`.
pub(super) mod unshared {
    use wasm_encoder::reencode::{Error, Reencode, utils};

    type Result<T, R> = std::result::Result<T, Error<<R as Reencode>::Error>>;

    pub fn heap_type<R: Reencode>(reencoder: &mut R, ty: wasmparser::HeapType) -> Result<wasm_encoder::HeapType, R> {
        Ok(match utils::heap_type(reencoder, ty)? {
            wasm_encoder::HeapType::Abstract { ty, .. } => wasm_encoder::HeapType::Abstract { shared: false, ty },
            concrete => concrete,
        })
    }

    pub fn composite_type<R: Reencode>(
        reencoder: &mut R,
        ty: wasmparser::CompositeType,
    ) -> Result<wasm_encoder::CompositeType, R> {
        let mut ty = utils::composite_type(reencoder, ty)?;
        ty.shared = false;
        Ok(ty)
    }

    pub fn memory_type<R: Reencode>(reencoder: &mut R, ty: wasmparser::MemoryType) -> wasm_encoder::MemoryType {
        let mut ty = utils::memory_type(reencoder, ty);
        ty.shared = false;
        ty
    }

    pub fn table_type<R: Reencode>(reencoder: &mut R, ty: wasmparser::TableType) -> Result<wasm_encoder::TableType, R> {
        let mut ty = utils::table_type(reencoder, ty)?;
        ty.shared = false;
        Ok(ty)
    }

    pub fn global_type<R: Reencode>(
        reencoder: &mut R,
        ty: wasmparser::GlobalType,
    ) -> Result<wasm_encoder::GlobalType, R> {
        let mut ty = utils::global_type(reencoder, ty)?;
        ty.shared = false;
        Ok(ty)
    }
}
