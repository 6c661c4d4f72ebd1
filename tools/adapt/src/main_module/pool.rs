//! The added functions that take, enter and leave contexts: see `contexts.rs`. Each context has 32 bytes in a memory that the adapter
//! adds.
//!
//! ```wat
//! (func $take-context (result i32) ..)       ;; the address of a context that is now the caller's, or 0 if there is none
//! (func $enter-context (param i32) ..)       ;; sets the globals, and initialises the thread-local storage
//! (func $leave-context (param i32) ..)
//! (func $"callee cabi_realloc" (param i32 i32 i32 i32) (result i32) (local i32)
//!   (local.set 4 (call $take-context)) (if (i32.eqz (local.get 4)) (then unreachable))
//!   (call $enter-context (local.get 4))
//!   (call $cabi_realloc (local.get 0) ..)
//!   (call $leave-context (local.get 4)))
//! (func $spawn-in-context (param i32 i32) (result i32) ..)    ;; keeps function and argument in the context of the thread, whose
//! (func $context-entry (param i32) ..)                        ;; first function enters it, calls the function and leaves it
//! ```
//!
//! The free contexts are a linked list. The head of the list contains an address and a count, which each change
//! increments. So if a thread is interrupted between its load and its exchange, it sees that the list has changed, even
//! if the same context is first again.
//!
//! [`blocks`](crate::main_module::blocks) says where the memory of new contexts comes from.

use crate::context_list::{ARGUMENT, FUNCTION, HEAD, MAIN_TAKEN, NEXT, STACK, TLS, field, wide};
use crate::error::AdaptError;
use crate::index::{GlobalIndex, MainFunc, MemoryIndex};
use crate::input::info::ModuleInfo;
use crate::main_module::added::{Added, HostCalls, RUN_SUCCEEDED};
use crate::package::Start;
use crate::plan::block_source::Blocks;
use crate::plan::contexts::Contexts;
use crate::plan::exports::{Entry, EntryKind};
use crate::rewrite::Rewriter;
use crate::types::value_types;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{BlockType, Function, InstructionSink, ValType};

/// The added functions that manage contexts.
#[derive(Clone, Copy)]
pub(crate) struct Pool {
    /// For a function that runs in the middle of another thread's call.
    take: MainFunc,
    /// For a call of an export: waits until there is a context, if their number is fixed.
    take_for_call: MainFunc,
    /// For a thread that starts another one.
    take_on_stack: MainFunc,
    enter: MainFunc,
    leave: MainFunc,
    /// Called by the start function, before there is a second thread.
    pub(crate) first: Option<MainFunc>,
}

impl<'a> Added<'_, 'a> {
    /// Adds the functions that manage contexts. `any_call` says whether some are for callers without a stack.
    pub(crate) fn pool(
        &mut self,
        rewriter: &mut Rewriter,
        contexts: &Contexts,
        any_call: bool,
    ) -> Result<Pool, AdaptError> {
        let is_fixed = matches!(contexts.blocks, Blocks::Fixed(_));
        let leave = self.leave_context(is_fixed)?;
        let enter = self.enter_context(rewriter, contexts)?;
        let makers = self.makers(rewriter, contexts, (enter, leave), any_call)?;
        let take = self.take_context(makers.add)?;
        Ok(Pool {
            take,
            take_for_call: if is_fixed { self.await_context(take)? } else { take },
            take_on_stack: match makers.add_on_stack {
                add if add == makers.add => take,
                add => self.take_context(add)?,
            },
            enter,
            leave,
            first: makers.first,
        })
    }

    /// `$take-context`. If none is free, calls `add` for one.
    fn take_context(&mut self, add: Option<MainFunc>) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[], &[ValType::I32]);
        let list = self.contexts;
        let (head, at) = (0, 1);
        self.add("take-context", ty, &[ValType::I64, ValType::I32], |body| {
            let mut code = body.instructions();
            code.loop_(BlockType::Empty);
            code.i32_const(0)
                .i64_atomic_load(wide(HEAD, list))
                .local_tee(head)
                .i32_wrap_i64()
                .local_tee(at);
            code.if_(BlockType::Empty);
            exchange_head(&mut code, list, head, |code| {
                code.local_get(at).i32_load(field(NEXT, list));
            });
            code.br_if(1).local_get(at).return_().end();
            if let Some(add) = add {
                code.call(add.0).br_if(0);
            }
            code.end().i32_const(0);
            Ok(())
        })
    }

    /// Takes a context as soon as one is free.
    fn await_context(&mut self, take: MainFunc) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[], &[ValType::I32]);
        let list = self.contexts;
        let at = 0;
        self.add("await-context", ty, &[ValType::I32], |body| {
            let mut code = body.instructions();
            code.loop_(BlockType::Empty);
            code.call(take.0).local_tee(at);
            code.if_(BlockType::Empty).local_get(at).return_().end();
            code.i32_const(0).i32_const(0).i64_const(-1);
            code.memory_atomic_wait32(field(HEAD, list)).drop().br(0).end();
            code.unreachable();
            Ok(())
        })
    }

    fn enter_context(&mut self, rewriter: &mut Rewriter, contexts: &Contexts) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[ValType::I32], &[]);
        let list = self.contexts;
        let init = contexts.tls.map(|tls| rewriter.function(tls.init)).transpose()?;
        let mut set =
            |global: GlobalIndex| rewriter.instruction(wasmparser::Operator::GlobalSet { global_index: global.0 });
        let set_stack = contexts.stack.map(&mut set).transpose()?;
        self.add("enter-context", ty, &[], |body| {
            if let Some(set_stack) = set_stack {
                body.instructions().local_get(0).i32_load(field(STACK, list));
                body.instruction(&set_stack);
            }
            if let Some(init) = init {
                body.instructions().local_get(0).i32_load(field(TLS, list)).call(init.0);
            }
            Ok(())
        })
    }

    /// `$leave-context`. If the number of contexts is fixed, wakes a call that waits for one.
    fn leave_context(&mut self, is_fixed: bool) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[ValType::I32], &[]);
        let list = self.contexts;
        let head = 1;
        self.add("leave-context", ty, &[ValType::I64], |body| {
            let mut code = body.instructions();
            code.loop_(BlockType::Empty);
            code.local_get(0)
                .i32_const(0)
                .i64_atomic_load(wide(HEAD, list))
                .local_tee(head);
            code.i32_wrap_i64().i32_store(field(NEXT, list));
            exchange_head(&mut code, list, head, |code| {
                code.local_get(0);
            });
            code.br_if(0).end();
            if is_fixed {
                code.i32_const(0).i32_const(1);
                code.memory_atomic_notify(field(HEAD, list)).drop();
            }
            Ok(())
        })
    }

    /// A function that runs in a context.
    pub(crate) fn callee(
        &mut self,
        info: &ModuleInfo<'a>,
        rewriter: &Rewriter,
        entry: &Entry<'a>,
        pool: Pool,
    ) -> Result<MainFunc, AdaptError> {
        let (params, results) = value_types(info.function_type(entry.func)?)?;
        let ty = self.types.get(&params, &results);
        let inner = rewriter.function(entry.func)?;
        let at = params.len() as u32;
        self.add(format!("callee {}", entry.name), ty, &[ValType::I32], |body| {
            let mut code = body.instructions();
            code.call(pool.take.0).local_tee(at).i32_eqz();
            code.if_(BlockType::Empty).unreachable().end();
            code.local_get(at).call(pool.enter.0);
            (0..at).for_each(|param| {
                code.local_get(param);
            });
            code.call(inner.0).local_get(at).call(pool.leave.0);
            Ok(())
        })
    }

    /// A function that callers of the component call. If no other call is in progress, it has the main thread's globals, which
    /// `before` and `after` load and store. Otherwise it runs in a context.
    pub(crate) fn caller(
        &mut self,
        info: &ModuleInfo<'a>,
        rewriter: &Rewriter,
        entry: &Entry<'a>,
        (before, after): (Option<MainFunc>, Option<MainFunc>),
        pool: Pool,
    ) -> Result<MainFunc, AdaptError> {
        let (params, results) = value_types(info.function_type(entry.func)?)?;
        let run = matches!(entry.kind, EntryKind::Run);
        let ty = match run {
            true => self.types.get(&params, &[ValType::I32]),
            false => self.types.get(&params, &results),
        };
        let result = results.first().map_or(BlockType::Empty, |ty| BlockType::Result(*ty));
        let inner = rewriter.function(entry.func)?;
        let taken = field(MAIN_TAKEN, self.contexts);
        let at = params.len() as u32;
        self.add(format!("entry {}", entry.name), ty, &[ValType::I32], |body| {
            let mut code = body.instructions();
            let inner = |code: &mut InstructionSink<'_>| {
                (0..at).for_each(|param| {
                    code.local_get(param);
                });
                code.call(inner.0);
            };
            code.i32_const(0)
                .i32_const(0)
                .i32_const(1)
                .i32_atomic_rmw_cmpxchg(taken);
            code.i32_eqz().if_(result);
            before.iter().for_each(|before| _ = code.call(before.0));
            inner(&mut code);
            after.iter().for_each(|after| _ = code.call(after.0));
            code.i32_const(0).i32_const(0).i32_atomic_store(taken).else_();
            code.call(pool.take_for_call.0).local_tee(at).i32_eqz();
            code.if_(BlockType::Empty).unreachable().end();
            code.local_get(at).call(pool.enter.0);
            inner(&mut code);
            code.local_get(at).call(pool.leave.0).end();
            if run {
                code.i32_const(RUN_SUCCEEDED);
            }
            Ok(())
        })
    }

    /// `$enter-call` and `$leave-call`. Between the two, a call of the host has the main thread's globals, or a context as in
    /// [`Self::caller`]. The first returns the context, or 0, and the second takes it.
    pub(crate) fn overlapping_calls(
        &mut self,
        before: Option<MainFunc>,
        after: Option<MainFunc>,
        pool: Pool,
    ) -> Result<HostCalls, AdaptError> {
        let taken = field(MAIN_TAKEN, self.contexts);
        let at = 0;
        let ty = self.types.get(&[], &[ValType::I32]);
        let enter = self.add("enter-call", ty, &[ValType::I32], |body| {
            let mut code = body.instructions();
            code.i32_const(0)
                .i32_const(0)
                .i32_const(1)
                .i32_atomic_rmw_cmpxchg(taken);
            code.i32_eqz().if_(BlockType::Empty);
            before.iter().for_each(|before| _ = code.call(before.0));
            code.i32_const(0).return_().end();
            code.call(pool.take_for_call.0).local_tee(at).i32_eqz();
            code.if_(BlockType::Empty).unreachable().end();
            code.local_get(at).call(pool.enter.0).local_get(at);
            Ok(())
        })?;
        let ty = self.types.get(&[ValType::I32], &[]);
        let leave = self.add("leave-call", ty, &[], |body| {
            let mut code = body.instructions();
            code.local_get(at).if_(BlockType::Empty);
            code.local_get(at).call(pool.leave.0).else_();
            after.iter().for_each(|after| _ = code.call(after.0));
            code.i32_const(0).i32_const(0).i32_atomic_store(taken).end();
            Ok(())
        })?;
        Ok(HostCalls { enter, leave })
    }

    /// The function that a thread with a context starts with.
    pub(crate) fn context_entry(
        &mut self,
        rewriter: &mut Rewriter,
        contexts: &Contexts,
        pool: Pool,
        initialize: Option<MainFunc>,
    ) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[ValType::I32], &[]);
        let list = self.contexts;
        let table = contexts
            .table
            .ok_or_else(|| AdaptError::missing("function table of", "threads"))?;
        let table = rewriter.table_index(table.0)?;
        self.add("context-entry", ty, &[], |body| {
            let mut code = body.instructions();
            if let Some(initialize) = initialize {
                code.call(initialize.0);
            }
            code.local_get(0).call(pool.enter.0);
            code.local_get(0).i32_load(field(ARGUMENT, list));
            code.local_get(0)
                .i32_load(field(FUNCTION, list))
                .call_indirect(table, ty.0);
            code.local_get(0).call(pool.leave.0);
            Ok(())
        })
    }

    /// Reserves the functions that start threads with a context, in the order of the plan.
    pub(crate) fn reserve_starts(&mut self) -> Result<(), AdaptError> {
        for start in &self.plan.starts {
            let ty = self.types.get(&[ValType::I32; 2], &[ValType::I32]);
            let name = match start {
                Start::Spawned => "spawn-in-context",
                Start::Suspended => "new-in-context",
            };
            self.add(name, ty, &[], |_| Ok(()))?;
        }
        Ok(())
    }

    /// Writes the functions that are reserved, the first of which is the added function `first`. `entry` is the element of the
    /// adapter's table that they start threads with.
    pub(crate) fn fill_starts(&mut self, first: usize, pool: Pool, entry: u32) -> Result<(), AdaptError> {
        let list = self.contexts;
        for (number, start) in (first..).zip(&self.plan.starts) {
            let builtin = self.builtin(start.builtin())?;
            let (at, thread) = (2, 3);
            let mut body = Function::new_with_locals_types([ValType::I32; 2]);
            let mut code = body.instructions();
            code.call(pool.take_on_stack.0).local_tee(at).i32_eqz();
            code.if_(BlockType::Empty).i32_const(0).return_().end();
            code.local_get(at).local_get(0).i32_store(field(FUNCTION, list));
            code.local_get(at).local_get(1).i32_store(field(ARGUMENT, list));
            code.i32_const(entry as i32)
                .local_get(at)
                .call(builtin.0)
                .local_tee(thread)
                .i32_eqz();
            code.if_(BlockType::Empty).local_get(at).call(pool.leave.0).end();
            code.local_get(thread).end();
            let reserved = self.functions.get_mut(number);
            reserved
                .ok_or_else(|| AdaptError::missing("added function", number))?
                .body = body;
        }
        Ok(())
    }
}

/// Replaces the head of the list, if it is still the one in the local, with the address that `first` leaves on the stack. Leaves on
/// the stack whether another thread has changed the list.
fn exchange_head(
    code: &mut InstructionSink<'_>,
    list: MemoryIndex,
    head: u32,
    first: impl FnOnce(&mut InstructionSink<'_>),
) {
    const NUMBER: i64 = 1 << 32;
    code.i32_const(0).local_get(head);
    first(code);
    code.i64_extend_i32_u();
    code.local_get(head)
        .i64_const(NUMBER)
        .i64_add()
        .i64_const(-NUMBER)
        .i64_and()
        .i64_or();
    code.i64_atomic_rmw_cmpxchg(wide(HEAD, list)).local_get(head).i64_ne();
}
