//! The added functions that move per-thread globals: accessors of the fields of a record, and copies to and from the
//! main thread's record. `globals.rs` explains what a record is, and why the main thread has one.
//!
//! ```wat
//! (func $"global.get 3" (result i64) (i64.load $records offset=8 (i32.mul (call $thread.index) (i32.const 16))))
//! (func $ensure-record ..)        ;; grows $records until it has a record for the running thread
//! (func $initialize-globals ..)   ;; gives each global its initial value, in its slot or field
//! (func $save-globals ..)         ;; copies the running thread's globals to record 0
//! (func $restore-globals ..)      ;; copies record 0 to the running thread's globals
//! ```
//!
//! The accessors are functions and not inlined, because a store needs its address below the value on the stack, so every
//! `global.set` would need a local. Modules with such globals are rare, and a call is cheap beside `thread.index`.

use crate::builtin::Builtin;
use crate::error::AdaptError;
use crate::index::{MainFunc, MemoryIndex};
use crate::main_module::added::Added;
use crate::plan::globals::{PerThread, Place};
use crate::rewrite::{MAX_PAGES, Rewriter};
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{BlockType, InstructionSink, MemArg, ValType};

impl<'a> Added<'_, 'a> {
    /// The functions that read and write a per-thread global.
    pub(crate) fn accessors(&mut self, global: &PerThread<'a>) -> Result<(MainFunc, MainFunc), AdaptError> {
        if let Place::Slot(slot) = global.place {
            let get = self.builtin(Builtin::ContextGet(slot))?;
            let set = self.builtin(Builtin::ContextSet(slot))?;
            return Ok((get, set));
        }
        let ty = value_type(global.ty);
        let (index, stride, memory) = (
            self.builtin(Builtin::ThreadIndex)?.0,
            self.plan.globals.stride,
            self.records,
        );
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
    pub(crate) fn ensure_record(&mut self) -> Result<MainFunc, AdaptError> {
        let ty = self.types.get(&[], &[]);
        let (index, stride, memory) = (
            self.builtin(Builtin::ThreadIndex)?.0,
            self.plan.globals.stride,
            self.records.0,
        );
        // Locals: the pages that are needed, the pages that there are. Many threads may grow the memory at once, so a
        // failure counts only if no other thread has grown it meanwhile.
        let (needed, present) = (0, 1);
        self.add("ensure-record", ty, &[ValType::I64, ValType::I64], |body| {
            let mut code = body.instructions();
            code.call(index)
                .i64_extend_i32_u()
                .i64_const(1)
                .i64_add()
                .i64_const(stride as i64)
                .i64_mul();
            code.i64_const(0xffff)
                .i64_add()
                .i64_const(16)
                .i64_shr_u()
                .local_set(needed);
            code.local_get(needed).i64_const(MAX_PAGES as i64).i64_gt_u();
            code.if_(BlockType::Empty).unreachable().end();
            code.block(BlockType::Empty).loop_(BlockType::Empty);
            code.local_get(needed)
                .memory_size(memory)
                .i64_extend_i32_u()
                .local_tee(present)
                .i64_le_u()
                .br_if(1);
            code.local_get(needed)
                .local_get(present)
                .i64_sub()
                .i32_wrap_i64()
                .memory_grow(memory);
            code.i32_const(-1).i32_ne().br_if(1);
            code.memory_size(memory).i64_extend_i32_u().local_get(present).i64_eq();
            code.if_(BlockType::Empty).unreachable().end();
            code.br(0).end().end();
            Ok(())
        })
    }

    /// `$initialize-globals`, if there is anything to do.
    pub(crate) fn initialize(
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
    pub(crate) fn save_and_restore(
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
}

fn get_of(global: &PerThread<'_>) -> wasmparser::Operator<'static> {
    wasmparser::Operator::GlobalGet {
        global_index: global.index.0,
    }
}

fn set_of(global: &PerThread<'_>) -> wasmparser::Operator<'static> {
    wasmparser::Operator::GlobalSet {
        global_index: global.index.0,
    }
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
    MemArg {
        offset: global.field,
        align,
        memory_index: memory.0,
    }
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
