//! Makes new contexts: blocks of the module's own memory, each with a stack and thread-local storage.
//!
//! **Problem.** Several threads need contexts at once, while other threads of the module allocate memory. An allocator may assume that
//! two consecutive growths of its own are adjacent. wasi-libc's `malloc` does so, if the first growth is not adjacent to the memory
//! that it has. If the adapter grows the same memory between the two, `malloc` hands out the memory of stacks.
//!
//! **Here,** if a module exports an allocator, the adapter's code asks it for each block:
//!
//! ```wat
//! (func $start ..                                       ;; on the main thread's stack, before there is a second thread:
//!   (global.set $first (call $new-context)))            ;; the context in which the allocator runs
//! (func $add-context (result i32)                       ;; no context is free, and the caller has no stack
//!   (lock) (call $enter-context (global.get $first))
//!   (call $list-contexts (call $malloc ..) (i32.const 1))
//!   (unlock))
//! ```
//!
//! A thread that starts another one has a stack, and calls the allocator on that. A thread that waits for the lock waits for a call of the
//! allocator, which needs no context.
//!
//! If a module exports no allocator, but has code that grows its memory or asks for its size, it may contain an allocator. Then the
//! start function grows the memory for a fixed number of contexts, and the adapter's code does not grow it later: a call of an export
//! waits until a context is free. If a module has no such code, only the adapter's code grows its memory, by sixteen contexts at a time.
//!
//! **Rejected:** intercepting the module's `memory.grow` (nothing shows which growths must be adjacent); looking for `malloc` in the name
//! section (a stripped module would behave differently); preferring `cabi_realloc` to `malloc` (the one that wit-bindgen generates ends
//! the program if memory runs out).

use crate::context_list::{CONTEXT, FIRST, HEAD, LIST_PAGES, LOCK, STACK, TLS, USED, field};
use crate::error::AdaptError;
use crate::index::{MainFunc, MemoryIndex};
use crate::main_module::added::Added;
use crate::plan::block_source::{Allocator, Blocks, STACK_ALIGNMENT};
use crate::plan::contexts::Contexts;
use crate::rewrite::Rewriter;
use wasm_encoder::{BlockType, InstructionSink, ValType};

/// How many contexts are made at once, if the adapter grows the memory.
const BATCH: i32 = 16;

/// The alignment of thread-local storage from an allocator, and of its size. No known program needs more.
const TLS_ALIGNMENT: i32 = 4096;

/// The functions that make contexts.
pub(crate) struct Makers {
    /// For a caller without a stack. Returns whether there may be a free context now. Absent if the number of contexts is fixed.
    pub(crate) add: Option<MainFunc>,
    /// For a caller that has a stack of its own.
    pub(crate) add_on_stack: Option<MainFunc>,
    /// Called by the start function, before there is a second thread.
    pub(crate) first: Option<MainFunc>,
}

impl<'a> Added<'_, 'a> {
    /// Adds the functions that make contexts. `any_call` says whether some are for callers without a stack.
    pub(crate) fn makers(
        &mut self,
        rewriter: &Rewriter,
        contexts: &Contexts,
        (enter, leave): (MainFunc, MainFunc),
        any_call: bool,
    ) -> Result<Makers, AdaptError> {
        let new = self.new_context()?;
        let list = self.list_contexts(contexts, (new, leave))?;
        let always = |add| Makers {
            add: Some(add),
            add_on_stack: Some(add),
            first: None,
        };
        Ok(match contexts.blocks {
            Blocks::Empty => always(self.make("add-context", |code, _| {
                code.i32_const(0).i32_const(1).call(list.0);
            })?),
            Blocks::Growth => always(self.grow_for(contexts, BATCH, list)?),
            Blocks::Fixed(count) => Makers {
                add: None,
                add_on_stack: None,
                first: Some(self.reserve(contexts, count, list)?),
            },
            Blocks::Allocator(allocator) => {
                let block = self.allocate(rewriter, contexts, allocator)?;
                let add_on_stack = self.make("add-context", |code, local| {
                    code.call(block.0).local_tee(local).i32_eqz();
                    code.if_(BlockType::Empty).i32_const(0).return_().end();
                    code.local_get(local).i32_const(1).call(list.0);
                })?;
                Makers {
                    add: match any_call {
                        true => Some(self.add_in_first(enter, add_on_stack)?),
                        false => None,
                    },
                    add_on_stack: Some(add_on_stack),
                    first: match any_call {
                        true => Some(self.first_context(contexts, (new, block))?),
                        false => None,
                    },
                }
            }
        })
    }

    /// Adds a function without parameters that returns whether it has made a context. It has one local.
    fn make(&mut self, name: &str, write: impl FnOnce(&mut InstructionSink<'_>, u32)) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[], &[ValType::I32]);
        self.add(name, ty, &[ValType::I32], |body| {
            write(&mut body.instructions(), 0);
            Ok(())
        })
    }

    /// `$new-context`: the address of a place in the list for a new context, or 0 if the list is full.
    fn new_context(&mut self) -> Result<MainFunc, AdaptError> {
        let list = self.contexts;
        self.make("new-context", |code, at| {
            let has_page = |code: &mut InstructionSink<'_>| {
                code.local_get(at).i32_const(16).i32_shr_u();
                code.memory_size(list.0).i32_lt_u();
            };
            code.i32_const(0).i32_const(CONTEXT);
            code.i32_atomic_rmw_add(field(USED, list));
            code.i32_const(CONTEXT).i32_add().local_set(at);
            code.block(BlockType::Empty).loop_(BlockType::Empty);
            has_page(code);
            code.br_if(1);
            code.i32_const(1).memory_grow(list.0).drop();
            // If the list is full, a growth by another thread does not help.
            code.memory_size(list.0).i32_const(LIST_PAGES as i32).i32_lt_u();
            code.br_if(0);
            has_page(code);
            code.br_if(1).i32_const(0).return_().end().end();
            code.local_get(at);
        })
    }

    /// `$list-contexts`: makes free contexts of this many adjacent blocks. Returns 0 if the list is full.
    fn list_contexts(
        &mut self,
        contexts: &Contexts,
        (new, leave): (MainFunc, MainFunc),
    ) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[ValType::I32; 2], &[ValType::I32]);
        let list = self.contexts;
        let (block, left, at) = (0, 1, 2);
        let size = contexts.size();
        self.add("list-contexts", ty, &[ValType::I32], |body| {
            let mut code = body.instructions();
            code.loop_(BlockType::Empty);
            code.call(new.0).local_tee(at).i32_eqz();
            code.if_(BlockType::Empty).i32_const(0).return_().end();
            fill(&mut code, list, (at, block), size);
            code.local_get(at).call(leave.0);
            code.local_get(block).i32_const(size).i32_add().local_set(block);
            code.local_get(left)
                .i32_const(1)
                .i32_sub()
                .local_tee(left)
                .br_if(0)
                .end();
            code.i32_const(1);
            Ok(())
        })
    }

    /// Grows the memory by the blocks of this many contexts, or by one block if there is no room for all of them.
    fn grow_for(&mut self, contexts: &Contexts, count: i32, list: MainFunc) -> Result<MainFunc, AdaptError> {
        let (pages, memory) = (contexts.pages as i32, contexts.memory.0);
        self.make("add-contexts", |code, block| {
            let grow = |code: &mut InstructionSink<'_>, count: i32| {
                code.i32_const(count * pages).memory_grow(memory).local_tee(block);
                code.i32_const(-1).i32_ne();
            };
            let add = |code: &mut InstructionSink<'_>, count: i32| {
                code.local_get(block).i32_const(16).i32_shl();
                code.i32_const(count).call(list.0).return_();
            };
            for count in [count, 1] {
                grow(code, count);
                code.if_(BlockType::Empty);
                add(code, count);
                code.end();
            }
            code.i32_const(0);
        })
    }

    /// Called by the start function if the number of contexts is fixed.
    fn reserve(&mut self, contexts: &Contexts, count: u32, list: MainFunc) -> Result<MainFunc, AdaptError> {
        let grow = self.grow_for(contexts, count as i32, list)?;
        let ty = self.types.get(&[], &[]);
        self.add("reserve-contexts", ty, &[], |body| {
            body.instructions().call(grow.0).drop();
            Ok(())
        })
    }

    /// `$new-block`: returns a block from the module's allocator, or 0.
    fn allocate(
        &mut self,
        rewriter: &Rewriter,
        contexts: &Contexts,
        allocator: Allocator,
    ) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[], &[ValType::I32]);
        let alignment = match contexts.tls {
            Some(_) => TLS_ALIGNMENT,
            None => STACK_ALIGNMENT,
        };
        let block = 0;
        self.add("new-block", ty, &[ValType::I32], |body| {
            let mut code = body.instructions();
            allocator.call(&mut code, rewriter, contexts.size() + alignment)?;
            code.local_tee(block).if_(BlockType::Result(ValType::I32));
            code.local_get(block).i32_const(alignment - 1).i32_add();
            code.i32_const(-alignment).i32_and();
            code.else_().i32_const(0).end();
            Ok(())
        })
    }

    /// Called by the start function if the module has an allocator: makes the context in which the allocator runs.
    fn first_context(
        &mut self,
        contexts: &Contexts,
        (new, allocate): (MainFunc, MainFunc),
    ) -> Result<MainFunc, AdaptError> {
        let list = self.contexts;
        let size = contexts.size();
        let (at, block) = (0, 1);
        let ty = self.types.get(&[], &[]);
        self.add("first-context", ty, &[ValType::I32; 2], |body| {
            let mut code = body.instructions();
            code.call(allocate.0).local_tee(block).i32_eqz();
            code.if_(BlockType::Empty).return_().end();
            code.call(new.0).local_set(at);
            fill(&mut code, list, (at, block), size);
            code.i32_const(0).local_get(at).i32_store(field(FIRST, list));
            Ok(())
        })
    }

    /// Calls `add` in the first context, one thread after the other.
    fn add_in_first(&mut self, enter: MainFunc, add: MainFunc) -> Result<MainFunc, AdaptError> {
        let list = self.contexts;
        self.make("add-context in the first", |code, added| {
            code.i32_const(0).i32_load(field(FIRST, list)).i32_eqz();
            code.if_(BlockType::Empty).i32_const(0).return_().end();
            code.block(BlockType::Empty).loop_(BlockType::Empty);
            code.i32_const(0).i32_const(0).i32_const(1);
            code.i32_atomic_rmw_cmpxchg(field(LOCK, list)).i32_eqz().br_if(1);
            code.i32_const(0).i32_const(1).i64_const(-1);
            code.memory_atomic_wait32(field(LOCK, list)).drop().br(0).end().end();
            // Another thread may have left its context, or added one, while this one waited.
            code.i32_const(1).local_set(added);
            code.i32_const(0).i32_atomic_load(field(HEAD, list)).i32_eqz();
            code.if_(BlockType::Empty);
            code.i32_const(0).i32_load(field(FIRST, list)).call(enter.0);
            code.call(add.0).local_set(added).end();
            code.i32_const(0).i32_const(0).i32_atomic_store(field(LOCK, list));
            code.i32_const(0).i32_const(1);
            code.memory_atomic_notify(field(LOCK, list)).drop();
            code.local_get(added);
        })
    }
}

/// Writes the addresses of a context's stack and thread-local storage, which are in a block.
fn fill(code: &mut InstructionSink<'_>, list: MemoryIndex, (at, block): (u32, u32), size: i32) {
    code.local_get(at).local_get(block).i32_store(field(TLS, list));
    code.local_get(at).local_get(block).i32_const(size).i32_add();
    code.i32_store(field(STACK, list));
}
