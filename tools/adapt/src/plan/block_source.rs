//! Decides where the memory of new contexts comes from: see `blocks.rs`.

use crate::error::AdaptError;
use crate::index::{FuncIndex, MemoryIndex};
use crate::input::info::ModuleInfo;
use crate::rewrite::{MAX_PAGES, Rewriter};
use wasm_encoder::{InstructionSink, ValType};
use wasmparser::{ExternalKind, Operator};

/// How many contexts there are, if their number is fixed.
const FIXED: u64 = 64;

/// The alignment of stacks in C.
pub(crate) const STACK_ALIGNMENT: i32 = 16;

/// Where blocks come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocks {
    /// A context has neither a stack nor thread-local storage.
    Empty,
    /// The module's allocator.
    Allocator(Allocator),
    /// The adapter grows the memory, and nothing else does.
    Growth,
    /// The start function grows the memory for this many contexts.
    Fixed(u32),
}

/// A function of the module that allocates memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allocator {
    /// `malloc`, as C defines it.
    Malloc(FuncIndex),
    /// `cabi_realloc`, as the Canonical ABI defines it.
    Realloc(FuncIndex),
}

impl Blocks {
    /// Decides where blocks of `pages` pages come from. `None` if the memory has no room for one.
    pub(crate) fn of(info: &ModuleInfo<'_>, memory: MemoryIndex, pages: u32) -> Result<Option<Blocks>, AdaptError> {
        if let Some(allocator) = Allocator::of(info)? {
            return Ok(Some(Blocks::Allocator(allocator)));
        }
        let ty = info.memories.get(memory.0 as usize);
        let ty = ty.ok_or_else(|| AdaptError::missing("memory", memory.0))?;
        let room = ty.maximum.unwrap_or(MAX_PAGES).saturating_sub(ty.initial);
        Ok(match (room / u64::from(pages)).min(FIXED) {
            0 => None,
            count if manages(info, memory)? => Some(Blocks::Fixed(count as u32)),
            _ => Some(Blocks::Growth),
        })
    }
}

impl Allocator {
    fn of(info: &ModuleInfo<'_>) -> Result<Option<Allocator>, AdaptError> {
        let (malloc, realloc) = ([ValType::I32; 1], [ValType::I32; 4]);
        Ok(match exported(info, "malloc", malloc.len())? {
            Some(func) => Some(Allocator::Malloc(func)),
            None => exported(info, "cabi_realloc", realloc.len())?.map(Allocator::Realloc),
        })
    }

    /// Calls the function for a block of this many bytes. Leaves its address, or 0, on the stack.
    pub(crate) fn call(self, code: &mut InstructionSink<'_>, rewriter: &Rewriter, size: i32) -> Result<(), AdaptError> {
        let func = match self {
            Allocator::Malloc(func) => func,
            Allocator::Realloc(func) => {
                code.i32_const(0).i32_const(0).i32_const(STACK_ALIGNMENT);
                func
            }
        };
        code.i32_const(size).call(rewriter.function(func)?.0);
        Ok(())
    }
}

/// The function exported under this name, if it has this many parameters and one result, all of type `i32`.
fn exported(info: &ModuleInfo<'_>, name: &str, params: usize) -> Result<Option<FuncIndex>, AdaptError> {
    let is_function = |kind| matches!(kind, ExternalKind::Func | ExternalKind::FuncExact);
    let mut exports = info.exports.iter();
    let Some(export) = exports.find(|export| export.name == name && is_function(export.kind)) else {
        return Ok(None);
    };
    let func = FuncIndex(export.index);
    let ty = info.function_type(func)?;
    let is_i32 = |ty: &wasmparser::ValType| *ty == wasmparser::ValType::I32;
    let matches = ty.params().len() == params && ty.results().len() == 1;
    Ok((matches && ty.params().iter().chain(ty.results()).all(is_i32)).then_some(func))
}

/// Whether code of the module grows a memory or asks for its size.
fn manages(info: &ModuleInfo<'_>, memory: MemoryIndex) -> Result<bool, AdaptError> {
    for body in info.code_section.iter().flat_map(|section| section.clone()) {
        for operator in body?.get_operators_reader()? {
            if let Operator::MemoryGrow { mem } | Operator::MemorySize { mem } = operator?
                && mem == memory.0
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
