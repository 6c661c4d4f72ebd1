//! The functions that the adapter adds to `$main`, except those that move globals (`records.rs`).
//!
//! ```wat
//! ;; (import "wasi" "thread-spawn"); element 0 of the adapter's table is $thread-entry, and 0 means "no thread"
//! (func $wasi.thread-spawn (param i32) (result i32) (local i32)
//!   (local.tee 1 (call $spawn-indirect (i32.const 0) (local.get 0))) (i32.const -1) (local.get 1) (select))
//! (func $thread-entry (param i32)
//!   (call $initialize-globals) (call $the-module's-own)
//!   (call $wasi_thread_start (call $thread.index) (local.get 0)))
//! ;; the start function, if there is one, or the main thread has a record, or contexts are made first
//! (func $start (call $initialize-globals) (call $the-module's-own) (call $first-context) (call $save-globals))
//! ;; one for each entry point
//! (func $"entry _start" (result i32)
//!   (call $restore-globals) (call $_start) (call $save-globals) (i32.const 0))
//! ```
//!
//! `globals.rs` explains why globals are saved and restored. By the wasi-threads ABI, each thread's instance runs the
//! start function, which may set the initial values of the thread's globals.

use crate::builtin::Builtin;
use crate::error::AdaptError;
use crate::index::{MainFunc, MemoryIndex, TypeIndex};
use crate::input::info::ModuleInfo;
use crate::main_module::layout::imported_builtin;
use crate::plan::exports::{Entry, EntryKind};
use crate::plan::imports::FunctionSource;
use crate::plan::{Plan, ThreadSpawn};
use crate::rewrite::Rewriter;
use crate::types::{AddedTypes, value_types};
use crate::world::Use;
use std::collections::BTreeMap;
use wasm_encoder::{Function, ValType};

/// A function that the input does not have.
pub(crate) struct AddedFunction {
    pub(crate) name: String,
    pub(crate) ty: TypeIndex,
    pub(crate) body: Function,
}

/// What a command's `run` returns: `ok` of `result`. A command that fails calls `proc_exit` or traps.
pub(crate) const RUN_SUCCEEDED: i32 = 0;

/// The added functions so far.
pub(crate) struct Added<'p, 'a> {
    pub(crate) plan: &'p Plan<'a>,
    builtins: &'p BTreeMap<Builtin, MainFunc>,
    pub(crate) records: MemoryIndex,
    pub(crate) contexts: MemoryIndex,
    first: u32,
    pub(crate) types: AddedTypes,
    pub(crate) functions: Vec<AddedFunction>,
}

impl<'p, 'a> Added<'p, 'a> {
    /// No functions yet. The first one gets the index `first`. Records and contexts have memories of their own.
    pub(crate) fn new(
        plan: &'p Plan<'a>,
        builtins: &'p BTreeMap<Builtin, MainFunc>,
        types: AddedTypes,
        (records, contexts): (MemoryIndex, MemoryIndex),
        first: MainFunc,
    ) -> Self {
        Added {
            plan,
            builtins,
            records,
            contexts,
            first: first.0,
            types,
            functions: Vec::new(),
        }
    }

    /// Adds a function.
    pub(crate) fn add(
        &mut self,
        name: impl Into<String>,
        ty: TypeIndex,
        locals: &[ValType],
        write: impl FnOnce(&mut Function) -> Result<(), AdaptError>,
    ) -> Result<MainFunc, AdaptError> {
        let mut body = Function::new_with_locals_types(locals.iter().copied());
        write(&mut body)?;
        body.instructions().end();
        self.functions.push(AddedFunction {
            name: name.into(),
            ty,
            body,
        });
        Ok(MainFunc(self.first + self.functions.len() as u32 - 1))
    }

    /// The imported function for a built-in that the plan has.
    pub(crate) fn builtin(&self, builtin: Builtin) -> Result<MainFunc, AdaptError> {
        imported_builtin(self.builtins, builtin)
    }

    /// `wasi.thread-spawn`.
    pub(crate) fn thread_spawn(&mut self) -> Result<(), AdaptError> {
        let ty = self.types.get(&[ValType::I32], &[ValType::I32]);
        match self.plan.thread_spawn {
            ThreadSpawn::Absent => return Ok(()),
            ThreadSpawn::Fails => self.add("wasi.thread-spawn", ty, &[], |body| {
                body.instructions().i32_const(-1);
                Ok(())
            })?,
            ThreadSpawn::Starts(_) => {
                let spawn = self.builtin(Builtin::SpawnEntry)?;
                self.add("wasi.thread-spawn", ty, &[ValType::I32], |body| {
                    let mut code = body.instructions();
                    code.i32_const(0)
                        .local_get(0)
                        .call(spawn.0)
                        .local_tee(1)
                        .i32_const(-1)
                        .local_get(1)
                        .select();
                    Ok(())
                })?
            }
        };
        Ok(())
    }

    /// The functions that stand for imports of another type: see [`Plan::stand_ins`].
    pub(crate) fn stand_ins(&mut self, info: &ModuleInfo<'a>) -> Result<(), AdaptError> {
        let (plan, thread_spawn) = (self.plan, self.first);
        for func in &plan.stand_ins {
            let ty = info.type_of(*func)?;
            let (name, callee) = match plan.imports.functions[func.0 as usize] {
                FunctionSource::Host(host) => {
                    let (module, name, _) = plan.imports.host_functions[host.0];
                    (format!("import {module}.{name}"), host.0 as u32)
                }
                FunctionSource::Builtin(builtin) => {
                    (format!("import {}", builtin.import_name()), self.builtin(builtin)?.0)
                }
                FunctionSource::ThreadSpawn => ("import wasi.thread-spawn".to_owned(), thread_spawn),
                FunctionSource::InContext(start) => {
                    let number = plan.starts.iter().position(|other| *other == start);
                    let number = number.ok_or_else(|| AdaptError::missing("start of threads", ty.0))? as u32;
                    let first = thread_spawn + u32::from(plan.thread_spawn != ThreadSpawn::Absent);
                    (format!("import {}", start.builtin().import_name()), first + number)
                }
            };
            let params = info.func_type(ty)?.params().len() as u32;
            self.add(name, ty, &[], |body| {
                (0..params).for_each(|param| {
                    body.instructions().local_get(param);
                });
                body.instructions().call(callee);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Adds the functions through which threads come in from outside. `first_start` is the number of the first added function that
    /// starts threads with a context.
    pub(crate) fn entry_points(
        &mut self,
        info: &ModuleInfo<'a>,
        rewriter: &mut Rewriter,
        first_start: usize,
    ) -> Result<EntryPoints<'a>, AdaptError> {
        let plan = self.plan;
        let ensure_record = match plan.globals.any_in_record() {
            true => Some(self.ensure_record()?),
            false => None,
        };
        let initialize = self.initialize(rewriter, ensure_record)?;
        let (save, restore) = self.save_and_restore(rewriter, ensure_record)?;
        let own_start = info.start.map(|start| rewriter.function(start)).transpose()?;
        let mut points = EntryPoints::default();
        if let ThreadSpawn::Starts(wasi_thread_start) = plan.thread_spawn {
            let (index, start) = (
                self.builtin(Builtin::ThreadIndex)?.0,
                rewriter.function(wasi_thread_start)?.0,
            );
            let ty = self.types.get(&[ValType::I32], &[]);
            points.threads.push(self.add("thread-entry", ty, &[], |body| {
                call(body, initialize);
                call(body, own_start);
                body.instructions().call(index).local_get(0).call(start);
                Ok(())
            })?);
        }
        let mut pool = None;
        if let Some(contexts) = &plan.contexts {
            let functions = self.pool(rewriter, contexts, plan.any_call_in_context())?;
            pool = Some(functions);
            if !plan.starts.is_empty() {
                let entry = points.threads.len() as u32;
                points
                    .threads
                    .push(self.context_entry(rewriter, contexts, functions, initialize)?);
                self.fill_starts(first_start, functions, entry)?;
            }
        }
        let first_context = pool.and_then(|pool| pool.first);
        points.start = match plan.main_record || first_context.is_some() {
            false => own_start,
            true => {
                let ty = self.types.get(&[], &[]);
                Some(self.add("start", ty, &[], |body| {
                    [initialize, own_start, first_context, save]
                        .into_iter()
                        .for_each(|func| call(body, func));
                    Ok(())
                })?)
            }
        };
        let before = if plan.main_record { restore } else { initialize };
        for entry in &plan.exports.entries {
            let func = match (&entry.kind, pool) {
                (EntryKind::World(Use::Callee), Some(pool)) => self.callee(info, rewriter, entry, pool)?,
                (EntryKind::World(Use::Callee), None) => self.entry(info, rewriter, entry, None, None)?,
                (EntryKind::Run | EntryKind::World(Use::Call) | EntryKind::Lifted { .. }, Some(pool))
                    if plan.callers_overlap() || plan.host_calls_overlap() =>
                {
                    self.caller(info, rewriter, entry, (before, save), pool)?
                }
                (EntryKind::Run | EntryKind::World(Use::Call) | EntryKind::Lifted { .. }, _) => {
                    self.entry(info, rewriter, entry, before, save)?
                }
            };
            points.exports.push((entry.name, func));
        }
        points.host_calls = self.host_calls(before, save, pool)?;
        Ok(points)
    }

    fn entry(
        &mut self,
        info: &ModuleInfo<'a>,
        rewriter: &Rewriter,
        entry: &Entry<'a>,
        before: Option<MainFunc>,
        after: Option<MainFunc>,
    ) -> Result<MainFunc, AdaptError> {
        let inner = rewriter.function(entry.func)?;
        let run = matches!(entry.kind, EntryKind::Run);
        let (ty, params) = match run {
            true => (self.types.get(&[], &[ValType::I32]), 0),
            false if self.plan.turns.is_some() && is_called(entry) => {
                let (params, results) = value_types(info.function_type(entry.func)?)?;
                (self.types.get_unshared(&params, &results), params.len() as u32)
            }
            false => {
                let ty = info.type_of(entry.func)?;
                let func = info.func_type(ty)?;
                let params = func.params().len() as u32;
                // A lifted function has a final type that is alone in its recursion group.
                if info.is_plain(ty) {
                    if before.is_none() && after.is_none() {
                        return Ok(inner);
                    }
                    (ty, params)
                } else {
                    let (params_of, results_of) = value_types(func)?;
                    (self.types.get(&params_of, &results_of), params)
                }
            }
        };
        self.add(format!("entry {}", entry.name), ty, &[], |body| {
            call(body, before);
            (0..params).for_each(|param| {
                body.instructions().local_get(param);
            });
            call(body, Some(inner));
            call(body, after);
            if run {
                body.instructions().i32_const(RUN_SUCCEEDED);
            }
            Ok(())
        })
    }
}

/// Whether callers of the component call an entry. A world's `_initialize` runs once, before any other call.
fn is_called(entry: &Entry<'_>) -> bool {
    match entry.kind {
        EntryKind::World(Use::Call) => entry.name != "_initialize",
        EntryKind::Lifted { .. } => true,
        EntryKind::Run | EntryKind::World(Use::Callee) => false,
    }
}

/// The functions through which threads enter from outside.
#[derive(Default)]
pub(crate) struct EntryPoints<'a> {
    /// The functions that the adapter's threads start with: that of `wasi.thread-spawn`, and that of threads with a context, if any.
    pub(crate) threads: Vec<MainFunc>,
    pub(crate) start: Option<MainFunc>,
    pub(crate) exports: Vec<(&'a str, MainFunc)>,
    /// The functions with which the host's calls of core functions begin and end, if they need any.
    pub(crate) host_calls: Option<HostCalls>,
}

/// The functions with which calls from the host begin and end.
#[derive(Clone, Copy)]
pub(crate) struct HostCalls {
    pub(crate) enter: MainFunc,
    pub(crate) leave: MainFunc,
}

fn call(body: &mut Function, func: Option<MainFunc>) {
    if let Some(func) = func {
        body.instructions().call(func.0);
    }
}
