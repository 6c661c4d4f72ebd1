//! Rewrites the parts of the input that stay in `$main`: types, constant expressions, code.
//!
//! - `(func ..)` becomes `(shared (func ..))`, and `funcref`, wherever it occurs, `(ref null (shared func))`.
//! - `global.get` and `global.set` of a per-thread global become calls of its accessors: a canonical built-in for a
//!   context slot, an added function for a field of the record. One instruction becomes one instruction, so branch
//!   depths and block types stay. (A later pass turns the calls of context built-ins into plain global accesses.)
//! - If a module starts threads by the wasi-threads ABI, `data.drop` and `elem.drop` are removed. In that ABI, each thread has an
//!   instance of its own, whose segments no other thread can drop, and whose start function may copy and drop them again.
//! - Indices of functions, tables and globals change; those of types, memories, tags and segments do not.
//!
//! Exception references become shared too (`exnref` is `(ref null (shared exn))`), because parameters and results of shared
//! functions have shared types. Today's tools type `catch_ref` and `throw_ref` by the unshared `exnref`, so they refuse this
//! form as they refuse `call_indirect` through a shared table. In a shared function, weft treats both as one type
//! (docs/extensions.md). A table of such references would be shared between threads, so the adapter refuses it.

use crate::error::AdaptError;
use crate::index::{FuncIndex, MainFunc, MainGlobal, MainTable};
use std::collections::BTreeSet;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Instruction};
use wasmparser::{AbstractHeapType, CompositeInnerType, FunctionBody, HeapType, Operator};
use weft_lower::positions::{Moves, Positions};
use weft_lower::verbatim::{Part, Staying, for_each_part_at};

/// How `$main` reads and writes a global of the input.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    Immutable(MainGlobal),
    PerThread { get: MainFunc, set: MainFunc },
}

/// The rewriter. It maps the index spaces that change.
pub(crate) struct Rewriter {
    /// Whether types become shared.
    pub(crate) shares: bool,
    /// By function index of the input.
    pub(crate) functions: Vec<MainFunc>,
    /// By global index of the input.
    pub(crate) globals: Vec<Access>,
    /// By table index of the input.
    pub(crate) tables: Vec<MainTable>,
    /// Whether each thread has segments of its own, which are never dropped.
    pub(crate) keeps_segments: bool,
    /// The functions that the code rewritten so far makes references to.
    pub(crate) referenced: BTreeSet<MainFunc>,
    /// The positions in the input of the code written so far, if the caller asked for them.
    pub(crate) positions: Option<Positions>,
    /// Where the contents of the input's code section begin.
    pub(crate) code_start: usize,
    /// The item that is being rewritten, for errors.
    pub(crate) item: &'static str,
    /// The item's byte offset in the input.
    pub(crate) offset: usize,
}

impl Rewriter {
    /// A rewriter that leaves types as they are, and does not know indices yet.
    pub(crate) fn unshared() -> Self {
        Rewriter {
            shares: false,
            functions: Vec::new(),
            globals: Vec::new(),
            tables: Vec::new(),
            keeps_segments: false,
            referenced: BTreeSet::new(),
            positions: None,
            code_start: 0,
            item: "the module",
            offset: 0,
        }
    }

    /// Sets the item that is rewritten next.
    pub(crate) fn at(&mut self, item: &'static str, offset: usize) -> &mut Self {
        (self.item, self.offset) = (item, offset);
        self
    }

    /// The function of `$main` for a function of the input.
    pub(crate) fn function(&self, func: FuncIndex) -> Result<MainFunc, AdaptError> {
        self.functions
            .get(func.0 as usize)
            .copied()
            .ok_or_else(|| AdaptError::missing("function", func.0))
    }

    fn global(&self, index: u32) -> Result<Access, AdaptError> {
        self.globals
            .get(index as usize)
            .copied()
            .ok_or_else(|| AdaptError::missing("global", index))
    }

    fn unshareable(&self, ty: &str) -> Error<AdaptError> {
        Error::UserError(AdaptError::Unshareable {
            item: self.item,
            ty: ty.to_string(),
            offset: self.offset,
        })
    }
}

impl Reencode for Rewriter {
    type Error = AdaptError;

    fn function_index(&mut self, func: u32) -> Result<u32, Error<AdaptError>> {
        Ok(self.function(FuncIndex(func)).map_err(Error::UserError)?.0)
    }

    fn table_index(&mut self, table: u32) -> Result<u32, Error<AdaptError>> {
        match self.tables.get(table as usize) {
            Some(table) => Ok(table.0),
            None => Err(Error::UserError(AdaptError::missing("table", table))),
        }
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error<AdaptError>> {
        match self.global(global).map_err(Error::UserError)? {
            Access::Immutable(global) => Ok(global.0),
            Access::PerThread { .. } => Err(Error::UserError(AdaptError::missing("immutable global", global))),
        }
    }

    fn composite_type(
        &mut self,
        ty: wasmparser::CompositeType,
    ) -> Result<wasm_encoder::CompositeType, Error<AdaptError>> {
        if !self.shares {
            return utils::composite_type(self, ty);
        }
        match &ty.inner {
            CompositeInnerType::Func(_) => {}
            CompositeInnerType::Struct(_) => return Err(self.unshareable("struct")),
            CompositeInnerType::Array(_) => return Err(self.unshareable("array")),
            CompositeInnerType::Cont(_) => return Err(self.unshareable("cont")),
        }
        Ok(wasm_encoder::CompositeType {
            shared: true,
            ..utils::composite_type(self, ty)?
        })
    }

    fn heap_type(&mut self, heap_type: HeapType) -> Result<wasm_encoder::HeapType, Error<AdaptError>> {
        use AbstractHeapType::{Exn, Func, NoExn, NoFunc};
        match heap_type {
            _ if !self.shares => utils::heap_type(self, heap_type),
            HeapType::Concrete(_) | HeapType::Exact(_) => utils::heap_type(self, heap_type),
            HeapType::Abstract {
                ty: ty @ (Func | NoFunc | Exn | NoExn),
                ..
            } => Ok(wasm_encoder::HeapType::Abstract {
                shared: true,
                ty: self.abstract_heap_type(ty)?,
            }),
            HeapType::Abstract { .. } => {
                let ty = wasmparser::RefType::new(true, heap_type);
                Err(self.unshareable(&ty.map_or("a reference".to_string(), |ty| ty.to_string())))
            }
        }
    }

    fn global_type(&mut self, ty: wasmparser::GlobalType) -> Result<wasm_encoder::GlobalType, Error<AdaptError>> {
        Ok(wasm_encoder::GlobalType {
            shared: self.shares,
            ..utils::global_type(self, ty)?
        })
    }

    fn table_type(&mut self, ty: wasmparser::TableType) -> Result<wasm_encoder::TableType, Error<AdaptError>> {
        if let HeapType::Abstract {
            ty: AbstractHeapType::Exn | AbstractHeapType::NoExn,
            ..
        } = ty.element_type.heap_type()
        {
            return Err(self.unshareable(&ty.element_type.to_string()));
        }
        Ok(wasm_encoder::TableType {
            shared: true,
            ..utils::table_type(self, ty)?
        })
    }

    /// An unshared memory becomes shared, with the largest maximum of a 32-bit memory.
    fn memory_type(&mut self, ty: wasmparser::MemoryType) -> Result<wasm_encoder::MemoryType, Error<AdaptError>> {
        let maximum = ty.maximum.or(Some(MAX_PAGES));
        Ok(wasm_encoder::MemoryType {
            shared: true,
            maximum,
            ..utils::memory_type(self, ty)
        })
    }

    fn instruction<'a>(&mut self, operator: Operator<'a>) -> Result<Instruction<'a>, Error<AdaptError>> {
        match operator {
            Operator::GlobalGet { global_index } => match self.global(global_index).map_err(Error::UserError)? {
                Access::Immutable(global) => Ok(Instruction::GlobalGet(global.0)),
                Access::PerThread { get, .. } => Ok(Instruction::Call(get.0)),
            },
            Operator::GlobalSet { global_index } => match self.global(global_index).map_err(Error::UserError)? {
                Access::Immutable(global) => Ok(Instruction::GlobalSet(global.0)),
                Access::PerThread { set, .. } => Ok(Instruction::Call(set.0)),
            },
            Operator::RefFunc { function_index } => {
                let func = self.function(FuncIndex(function_index)).map_err(Error::UserError)?;
                self.referenced.insert(func);
                Ok(Instruction::RefFunc(func.0))
            }
            Operator::DataDrop { .. } | Operator::ElemDrop { .. } if self.keeps_segments => Ok(Instruction::Nop),
            // Only this instruction makes a reference of a kind that need not occur in any type of the module.
            Operator::RefI31 => Err(self.unshareable("i31")),
            operator => utils::instruction(self, operator),
        }
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error<AdaptError>> {
        self.at("a function", body.range().start);
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let locals = function.byte_len();
        let mut moves = Moves::default();
        for_each_part_at(&body, Staying::Memories, |from, part| {
            moves.push(from, &part, function.byte_len() - locals);
            match part {
                Part::Same(code) => function.raw(code.iter().copied()),
                Part::Changing(operator) => function.instruction(&self.instruction(operator)?),
            };
            Ok::<_, Error<AdaptError>>(())
        })?;
        if let Some(positions) = &mut self.positions {
            let first = body.get_binary_reader_for_operators()?.original_position();
            positions.push_source(&moves, first.saturating_sub(self.code_start));
        }
        code.function(&function);
        Ok(())
    }
}

/// The most pages that a 32-bit memory can have.
pub(crate) const MAX_PAGES: u64 = 65536;
