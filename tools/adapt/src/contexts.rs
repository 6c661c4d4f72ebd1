//! Stacks and thread-local storage for functions that run in the middle of other threads' calls.
//!
//! **Problem.** An import that returns a string calls `cabi_realloc` on the thread that calls the import. A `resource.drop` calls
//! the destructor. Several threads do so at once, while the main thread runs an export. Both begin with empty context slots, so
//! without a stack and thread-local storage, and neither can ask which thread it runs on.
//!
//! **What is done.** A memory of the adapter's own lists *contexts*: 16 bytes for each, which say whether it is taken, the top of
//! its stack and its thread-local storage. A call takes the first free one and leaves it free again. A context that nobody has
//! taken yet grows the module's memory by a block, which holds the thread-local storage and below its end the stack:
//!
//! ```wat
//! (func $enter-context (result i32)          ;; the address of the context; its globals are set
//!   ;; for each context: take it if it is free; if its stack is 0, grow the memory and call $__wasm_init_tls
//!   ..)
//! (func $"callee cabi_realloc" (param i32 i32 i32 i32) (result i32) (local i32)
//!   (local.set 4 (call $enter-context))
//!   (call $cabi_realloc (local.get 0) ..)
//!   (i32.atomic.store $contexts (local.get 4) (i32.const 0)))
//! ```
//!
//! Allocators of C and Rust take memory that others grow for what it is.
//!
//! **Rejected:** blocks from the module's `malloc`. It needs a stack itself, modules seldom export it, and it is what
//! `cabi_realloc` may be calling.

use crate::added::{Added, value_types};
use crate::error::AdaptError;
use crate::exports::{Entry, EntryKind, Exports};
use crate::globals::{Globals, Place};
use crate::index::{GlobalIndex, MainFunc, MemoryIndex};
use crate::info::ModuleInfo;
use crate::plan::HostMemory;
use crate::rewrite::{MAX_PAGES, Rewriter};
use crate::tls::{self, Tls};
use crate::world::Use;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{BlockType, InstructionSink, MemArg, ValType};

/// The pages of a stack. Destructors run on it as well as `realloc`.
const STACK_PAGES: u32 = 4;
const PAGE: u32 = 0x10000;
/// The size of a context in the list, and how many the list has room for.
const CONTEXT: i32 = 16;
const COUNT: i32 = PAGE as i32 / CONTEXT;
/// The fields of a context.
const TAKEN: u64 = 0;
const STACK: u64 = 4;
const TLS: u64 = 8;

/// What a context consists of.
pub(crate) struct Contexts {
    /// The stack pointer.
    stack: GlobalIndex,
    tls: Option<Tls>,
    /// The size of a block.
    pages: u32,
    /// The memory that blocks lie in.
    memory: MemoryIndex,
}

impl Contexts {
    /// The contexts that a module's exports need, if any does.
    pub(crate) fn new(
        info: &ModuleInfo<'_>,
        exports: &Exports<'_>,
        globals: &Globals<'_>,
        memory: HostMemory,
    ) -> Result<Option<Contexts>, AdaptError> {
        let mut entries = exports.entries.iter();
        let callee = entries.find(|entry| matches!(entry.kind, EntryKind::World(Use::Callee)));
        let (Some(callee), HostMemory::Input(memory), false) = (callee, memory, globals.per_thread.is_empty()) else {
            return Ok(None);
        };
        let export = || callee.name.to_owned();
        if let Some(global) = globals.per_thread.iter().find(|global| global.place == Place::Record) {
            let (index, offset) = (global.index.0, info.global(global.index)?.offset);
            let export = export();
            return Err(AdaptError::RecordOfCallee { export, index, offset });
        }
        let tls = tls::find(info)?;
        let mut others = globals.per_thread.iter().map(|global| global.index);
        let mut others = others.by_ref().filter(|index| tls.is_none_or(|tls| tls.base != *index));
        // The linker defines the stack pointer first.
        let Some(stack) = others.next() else {
            return Ok(None);
        };
        if let Some(other) = others.next()
            && tls::is_read(info, other)?
        {
            let (export, index) = (export(), other.0);
            return Err(AdaptError::NoTlsInitializer { export, index });
        }
        let pages = STACK_PAGES + tls.map_or(0, |tls| tls.size.div_ceil(PAGE));
        let ty = info.memories.get(memory.0 as usize);
        let ty = ty.ok_or_else(|| AdaptError::missing("memory", memory.0))?;
        if ty.maximum.unwrap_or(MAX_PAGES) < ty.initial + u64::from(pages) {
            let export = export();
            return Err(AdaptError::NoRoomForStack { export, pages });
        }
        Ok(Some(Contexts {
            stack,
            tls,
            pages,
            memory,
        }))
    }
}

impl<'a> Added<'_, 'a> {
    /// `$enter-context`.
    pub(crate) fn enter_context(
        &mut self,
        rewriter: &mut Rewriter,
        contexts: &Contexts,
    ) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[], &[ValType::I32]);
        let field = |offset| memarg(offset, self.contexts);
        let (taken, stack, tls) = (field(TAKEN), field(STACK), field(TLS));
        let init = contexts.tls.map(|tls| rewriter.function(tls.init)).transpose()?;
        let set = |rewriter: &mut Rewriter, global: GlobalIndex| {
            let set = wasmparser::Operator::GlobalSet { global_index: global.0 };
            rewriter.instruction(set)
        };
        let set_stack = set(rewriter, contexts.stack)?;
        let set_tls = contexts.tls.map(|tls| set(rewriter, tls.base)).transpose()?;
        // Locals: the address of the context, that of its block.
        let (at, block) = (0, 1);
        self.add("enter-context", ty, &[ValType::I32; 2], |body| {
            let mut code = body.instructions();
            code.block(BlockType::Empty).loop_(BlockType::Empty);
            code.i32_const(0).local_set(at);
            code.loop_(BlockType::Empty);
            code.local_get(at)
                .i32_const(0)
                .i32_const(1)
                .i32_atomic_rmw_cmpxchg(taken);
            code.i32_eqz().if_(BlockType::Empty);
            // A context that has a stack is ready.
            code.local_get(at).i32_load(stack).br_if(3);
            code.i32_const(contexts.pages as i32)
                .memory_grow(contexts.memory.0)
                .local_tee(block);
            code.i32_const(-1).i32_ne().if_(BlockType::Empty);
            code.local_get(block).i32_const(16).i32_shl().local_set(block);
            code.local_get(at).local_get(block).i32_store(tls);
            code.local_get(at)
                .local_get(block)
                .i32_const((contexts.pages * PAGE) as i32)
                .i32_add()
                .i32_store(stack);
            if let Some(init) = init {
                code.local_get(block).call(init.0);
            }
            code.br(4).end();
            // There is no room: another thread may leave its context.
            release(&mut code, at, taken);
            code.local_get(at).i32_eqz().if_(BlockType::Empty).unreachable().end();
            code.br(2).end();
            code.local_get(at).i32_const(CONTEXT).i32_add().local_tee(at);
            code.i32_const(COUNT * CONTEXT).i32_lt_u().br_if(0).end();
            code.br(0).end().end();
            code.local_get(at).i32_load(stack);
            body.instruction(&set_stack);
            if let Some(set_tls) = set_tls {
                body.instructions().local_get(at).i32_load(tls);
                body.instruction(&set_tls);
            }
            body.instructions().local_get(at);
            Ok(())
        })
    }

    /// A function that runs in a context.
    pub(crate) fn callee(
        &mut self,
        info: &ModuleInfo<'a>,
        rewriter: &Rewriter,
        entry: &Entry<'a>,
        enter: MainFunc,
    ) -> Result<MainFunc, AdaptError> {
        let (params, results) = value_types(info.function_type(entry.func)?)?;
        let ty = self.types.get(&params, &results);
        let inner = rewriter.function(entry.func)?;
        let taken = memarg(TAKEN, self.contexts);
        let params = params.len() as u32;
        self.add(format!("callee {}", entry.name), ty, &[ValType::I32], |body| {
            let mut code = body.instructions();
            code.call(enter.0).local_set(params);
            (0..params).for_each(|param| {
                code.local_get(param);
            });
            code.call(inner.0);
            release(&mut code, params, taken);
            Ok(())
        })
    }
}

/// Leaves the context whose address is in a local.
fn release(code: &mut InstructionSink<'_>, at: u32, taken: MemArg) {
    code.local_get(at).i32_const(0).i32_atomic_store(taken);
}

fn memarg(offset: u64, memory: MemoryIndex) -> MemArg {
    MemArg {
        offset,
        align: 2,
        memory_index: memory.0,
    }
}
