//! The functions that the adapter adds to `$main`.
//!
//! ```wat
//! ;; (import "wasi" "thread-spawn") becomes: element 0 of the adapter's table is $thread-entry, and 0 means "no thread"
//! (func $wasi.thread-spawn (param i32) (result i32) (local i32)
//!   (local.tee 1 (call $spawn-indirect (i32.const 0) (local.get 0))) (i32.const -1) (local.get 1) (select))
//! (func $thread-entry (param i32)
//!   (call $initialize-globals) (call $wasi_thread_start (call $thread.index) (local.get 0)))
//! ;; the start function, if there is one or the main thread has a record
//! (func $start (call $initialize-globals) (call $the-module's-own) (call $save-globals))
//! ;; one for each entry point
//! (func $"entry _start" (result i32) (call $restore-globals) (call $_start) (call $save-globals) (i32.const 0))
//! ```
//!
//! `$initialize-globals` gives every per-thread global its initial value, `$save-globals` and `$restore-globals` copy the
//! running thread's values to and from record 0 (see `globals.rs` for why). `$ensure-record` grows the memory of records
//! until it has one for the running thread.

use crate::builtin::Builtin;
use crate::error::AdaptError;
use crate::exports::{Entry, EntryKind};
use crate::globals::{PerThread, Place};
use crate::index::{MainFunc, MemoryIndex, TypeIndex};
use crate::info::ModuleInfo;
use crate::plan::{Plan, ThreadSpawn};
use crate::rewrite::{MAX_PAGES, Rewriter};
use std::collections::BTreeMap;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{BlockType, Function, InstructionSink, MemArg, ValType};

/// A function that the input does not have.
pub(crate) struct AddedFunction {
    pub(crate) name: String,
    pub(crate) ty: TypeIndex,
    pub(crate) body: Function,
}

/// The types that the input does not have, all of them function types of numbers and vectors.
pub(crate) struct AddedTypes {
    first: u32,
    pub(crate) types: Vec<(Vec<ValType>, Vec<ValType>)>,
}

impl AddedTypes {
    pub(crate) fn new(info: &ModuleInfo<'_>) -> AddedTypes {
        AddedTypes { first: info.types.len() as u32, types: Vec::new() }
    }

    /// The index of a type, which is added if need be.
    pub(crate) fn get(&mut self, params: &[ValType], results: &[ValType]) -> TypeIndex {
        let known = self.types.iter().position(|(p, r)| p == params && r == results);
        let position = known.unwrap_or_else(|| {
            self.types.push((params.to_vec(), results.to_vec()));
            self.types.len() - 1
        });
        TypeIndex(self.first + position as u32)
    }
}

/// The added functions, as they are made one after the other.
pub(crate) struct Added<'p, 'a> {
    plan: &'p Plan<'a>,
    builtins: &'p BTreeMap<Builtin, MainFunc>,
    records: MemoryIndex,
    first: u32,
    pub(crate) types: AddedTypes,
    pub(crate) functions: Vec<AddedFunction>,
}

impl<'p, 'a> Added<'p, 'a> {
    /// Begins with none, the first of which will be function `first`; records lie in the memory `records`.
    pub(crate) fn new(
        plan: &'p Plan<'a>,
        builtins: &'p BTreeMap<Builtin, MainFunc>,
        types: AddedTypes,
        records: MemoryIndex,
        first: MainFunc,
    ) -> Self {
        Added { plan, builtins, records, first: first.0, types, functions: Vec::new() }
    }

    fn add(
        &mut self,
        name: impl Into<String>,
        ty: TypeIndex,
        locals: &[ValType],
        write: impl FnOnce(&mut Function) -> Result<(), AdaptError>,
    ) -> Result<MainFunc, AdaptError> {
        let mut body = Function::new_with_locals_types(locals.iter().copied());
        write(&mut body)?;
        body.instructions().end();
        self.functions.push(AddedFunction { name: name.into(), ty, body });
        Ok(MainFunc(self.first + self.functions.len() as u32 - 1))
    }

    /// The imported function for a built-in that the plan has.
    fn builtin(&self, builtin: Builtin) -> u32 {
        self.builtins.get(&builtin).map_or(u32::MAX, |func| func.0)
    }

    /// `wasi.thread-spawn`.
    pub(crate) fn thread_spawn(&mut self) -> Result<(), AdaptError> {
        let ty = self.types.get(&[ValType::I32], &[ValType::I32]);
        let spawn = self.builtin(Builtin::SpawnEntry);
        match self.plan.thread_spawn {
            ThreadSpawn::Absent => return Ok(()),
            ThreadSpawn::Fails => self.add("wasi.thread-spawn", ty, &[], |body| {
                body.instructions().i32_const(-1);
                Ok(())
            })?,
            ThreadSpawn::Starts(_) => self.add("wasi.thread-spawn", ty, &[ValType::I32], |body| {
                let mut code = body.instructions();
                code.i32_const(0).local_get(0).call(spawn).local_tee(1).i32_const(-1).local_get(1).select();
                Ok(())
            })?,
        };
        Ok(())
    }

    /// The functions that read and write a per-thread global.
    pub(crate) fn accessors(&mut self, global: &PerThread<'a>) -> Result<(MainFunc, MainFunc), AdaptError> {
        if let Place::Slot(slot) = global.place {
            let get = self.builtin(Builtin::ContextGet(slot));
            let set = self.builtin(Builtin::ContextSet(slot));
            return Ok((MainFunc(get), MainFunc(set)));
        }
        let ty = value_type(global.ty);
        let (index, stride, memory) = (self.builtin(Builtin::ThreadIndex), self.plan.globals.stride, self.records);
        let address = |code: &mut InstructionSink<'_>| {
            code.call(index).i32_const(stride as i32).i32_mul();
        };
        let get_ty = self.types.get(&[], &[ty]);
        let get = self.add(format!("global.get {}", global.index.0), get_ty, &[], |body| {
            let mut code = body.instructions();
            address(&mut code);
            load(&mut code, global, memory);
            Ok(())
        })?;
        let set_ty = self.types.get(&[ty], &[]);
        let set = self.add(format!("global.set {}", global.index.0), set_ty, &[], |body| {
            let mut code = body.instructions();
            address(&mut code);
            code.local_get(0);
            store(&mut code, global, memory);
            Ok(())
        })?;
        Ok((get, set))
    }

    /// `$ensure-record`: grows the records' memory until `(index + 1) * stride` bytes lie in it, or traps.
    fn ensure_record(&mut self) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[], &[]);
        let (index, stride, memory) = (self.builtin(Builtin::ThreadIndex), self.plan.globals.stride, self.records.0);
        // Locals: the pages that are needed, the pages that there are. Many threads may grow the memory at once, so a
        // failure counts only if nobody else has grown it meanwhile.
        let (needed, present) = (0, 1);
        self.add("ensure-record", ty, &[ValType::I64, ValType::I64], |body| {
            let mut code = body.instructions();
            code.call(index).i64_extend_i32_u().i64_const(1).i64_add().i64_const(stride as i64).i64_mul();
            code.i64_const(0xffff).i64_add().i64_const(16).i64_shr_u().local_set(needed);
            code.local_get(needed).i64_const(MAX_PAGES as i64).i64_gt_u();
            code.if_(BlockType::Empty).unreachable().end();
            code.block(BlockType::Empty).loop_(BlockType::Empty);
            code.local_get(needed).memory_size(memory).i64_extend_i32_u().local_tee(present).i64_le_u().br_if(1);
            code.local_get(needed).local_get(present).i64_sub().i32_wrap_i64().memory_grow(memory);
            code.i32_const(-1).i32_ne().br_if(1);
            code.memory_size(memory).i64_extend_i32_u().local_get(present).i64_eq();
            code.if_(BlockType::Empty).unreachable().end();
            code.br(0).end().end();
            Ok(())
        })
    }

    /// `$initialize-globals`, if there is anything to do.
    fn initialize(
        &mut self,
        rewriter: &mut Rewriter,
        ensure_record: Option<MainFunc>,
    ) -> Result<Option<MainFunc>, AdaptError> {
        // A new thread's slots hold zero already.
        let plan = self.plan;
        let globals: Vec<_> = plan
            .globals
            .per_thread
            .iter()
            .filter(|global| global.place == Place::Record || !is_zero(global))
            .collect();
        if globals.is_empty() {
            return Ok(None);
        }
        let ty = self.types.get(&[], &[]);
        let func = self.add("initialize-globals", ty, &[], |body| {
            if let Some(ensure_record) = ensure_record {
                body.instructions().call(ensure_record.0);
            }
            for global in globals {
                let mut init = global.init.get_operators_reader();
                while !init.is_end_then_eof() {
                    body.instruction(&rewriter.parse_instruction(&mut init)?);
                }
                body.instruction(&rewriter.instruction(set_of(global))?);
            }
            Ok(())
        })?;
        Ok(Some(func))
    }

    /// `$save-globals` and `$restore-globals`, if the main thread has a record.
    fn save_and_restore(
        &mut self,
        rewriter: &mut Rewriter,
        ensure_record: Option<MainFunc>,
    ) -> Result<(Option<MainFunc>, Option<MainFunc>), AdaptError> {
        if !self.plan.main_record {
            return Ok((None, None));
        }
        let (plan, memory) = (self.plan, self.records);
        let ty = self.types.get(&[], &[]);
        let save = self.add("save-globals", ty, &[], |body| {
            for global in &plan.globals.per_thread {
                body.instructions().i32_const(0);
                body.instruction(&rewriter.instruction(get_of(global))?);
                store(&mut body.instructions(), global, memory);
            }
            Ok(())
        })?;
        let restore = self.add("restore-globals", ty, &[], |body| {
            if let Some(ensure_record) = ensure_record {
                body.instructions().call(ensure_record.0);
            }
            for global in &plan.globals.per_thread {
                body.instructions().i32_const(0);
                load(&mut body.instructions(), global, memory);
                body.instruction(&rewriter.instruction(set_of(global))?);
            }
            Ok(())
        })?;
        Ok((Some(save), Some(restore)))
    }

    /// Adds the functions through which threads come in from outside.
    pub(crate) fn entry_points(
        &mut self,
        info: &ModuleInfo<'a>,
        rewriter: &mut Rewriter,
    ) -> Result<EntryPoints<'a>, AdaptError> {
        let plan = self.plan;
        let ensure_record = match plan.globals.any_in_record() {
            true => Some(self.ensure_record()?),
            false => None,
        };
        let initialize = self.initialize(rewriter, ensure_record)?;
        let (save, restore) = self.save_and_restore(rewriter, ensure_record)?;
        let mut points = EntryPoints::default();
        if let ThreadSpawn::Starts(wasi_thread_start) = plan.thread_spawn {
            let (index, start) = (self.builtin(Builtin::ThreadIndex), rewriter.function(wasi_thread_start)?.0);
            let ty = self.types.get(&[ValType::I32], &[]);
            points.thread = Some(self.add("thread-entry", ty, &[], |body| {
                call(body, initialize);
                body.instructions().call(index).local_get(0).call(start);
                Ok(())
            })?);
        }
        let own_start = info.start.map(|start| rewriter.function(start)).transpose()?;
        points.start = match plan.main_record {
            false => own_start,
            true => {
                let ty = self.types.get(&[], &[]);
                Some(self.add("start", ty, &[], |body| {
                    [initialize, own_start, save].into_iter().for_each(|func| call(body, func));
                    Ok(())
                })?)
            }
        };
        let before = if plan.main_record { restore } else { initialize };
        for entry in &plan.exports.entries {
            let func = self.entry(info, rewriter, entry, before, save)?;
            points.exports.push((entry.name, func));
        }
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
        let (ty, params) = match info.functions.get(entry.func.0 as usize) {
            Some(ty) if !run => (*ty, info.func_type(*ty).map_or(0, |ty| ty.params().len() as u32)),
            _ => (self.types.get(&[], &[ValType::I32]), 0),
        };
        if !run && before.is_none() && after.is_none() {
            return Ok(inner);
        }
        self.add(format!("entry {}", entry.name), ty, &[], |body| {
            call(body, before);
            (0..params).for_each(|param| {
                body.instructions().local_get(param);
            });
            call(body, Some(inner));
            call(body, after);
            if run {
                // `ok` of `result`. A command that fails calls `proc_exit` or traps.
                body.instructions().i32_const(0);
            }
            Ok(())
        })
    }
}

/// The functions through which threads come in from outside.
#[derive(Default)]
pub(crate) struct EntryPoints<'a> {
    /// What a thread of `wasi.thread-spawn` runs.
    pub(crate) thread: Option<MainFunc>,
    pub(crate) start: Option<MainFunc>,
    pub(crate) exports: Vec<(&'a str, MainFunc)>,
}

fn call(body: &mut Function, func: Option<MainFunc>) {
    if let Some(func) = func {
        body.instructions().call(func.0);
    }
}

fn get_of(global: &PerThread<'_>) -> wasmparser::Operator<'static> {
    wasmparser::Operator::GlobalGet { global_index: global.index.0 }
}

fn set_of(global: &PerThread<'_>) -> wasmparser::Operator<'static> {
    wasmparser::Operator::GlobalSet { global_index: global.index.0 }
}

/// Whether a global's initial value is the constant zero.
fn is_zero(global: &PerThread<'_>) -> bool {
    let mut init = global.init.get_operators_reader();
    matches!(init.read(), Ok(wasmparser::Operator::I32Const { value: 0 })) && init.is_end_then_eof()
}

fn value_type(ty: wasmparser::ValType) -> ValType {
    use wasmparser::ValType as V;
    match ty {
        V::I32 | V::Ref(_) => ValType::I32,
        V::I64 => ValType::I64,
        V::F32 => ValType::F32,
        V::F64 => ValType::F64,
        V::V128 => ValType::V128,
    }
}

fn field(global: &PerThread<'_>, memory: MemoryIndex, align: u32) -> MemArg {
    MemArg { offset: global.field, align, memory_index: memory.0 }
}

fn load(code: &mut InstructionSink<'_>, global: &PerThread<'_>, memory: MemoryIndex) {
    match value_type(global.ty) {
        ValType::I64 => code.i64_load(field(global, memory, 3)),
        ValType::F32 => code.f32_load(field(global, memory, 2)),
        ValType::F64 => code.f64_load(field(global, memory, 3)),
        ValType::V128 => code.v128_load(field(global, memory, 4)),
        ValType::I32 | ValType::Ref(_) => code.i32_load(field(global, memory, 2)),
    };
}

fn store(code: &mut InstructionSink<'_>, global: &PerThread<'_>, memory: MemoryIndex) {
    match value_type(global.ty) {
        ValType::I64 => code.i64_store(field(global, memory, 3)),
        ValType::F32 => code.f32_store(field(global, memory, 2)),
        ValType::F64 => code.f64_store(field(global, memory, 3)),
        ValType::V128 => code.v128_store(field(global, memory, 4)),
        ValType::I32 | ValType::Ref(_) => code.i32_store(field(global, memory, 2)),
    };
}
