//! Lifted functions and their `post-return` functions, which the run-time module exports in a uniform type.
//!
//! **Problem.** A lifted core function has one of billions of types: up to sixteen parameters of four types, and a
//! result or none. The host can call a function without checking its type only if the type is known when the host is
//! compiled. The check costs more than the call, and changes reference counts that all threads share.
//!
//! **Here**, one module has a wrapper around each function. The wrapper takes and returns 64-bit integers:
//!
//! ```wat
//! (func $scale (param f32 i32) (result i32))            ;; before
//! (module                                               ;; after; the run-time module exports function 1 as "weft:lift 0"
//!   (import "" "" (func (param f32 i32) (result i32)))
//!   (func (param i64 i64) (result i64)
//!     (call 0 (f32.reinterpret_i32 (i32.wrap_i64 (local.get 0))) (i32.wrap_i64 (local.get 1)))
//!     i64.extend_i32_u))
//! ```
//!
//! For a 32-bit number, the upper half is ignored in a parameter and zero in a result. A function without a result
//! returns zero, so that there are only seventeen types.
//!
//! **Rejected:** passing all numbers in memory (the host would write to a memory of the thread for each call).

use super::{Flatten, added, missing};
use crate::binary::module_items::SharedItems;
use crate::error::LowerError;
use crate::plan::LIFT_EXPORT;
use crate::threadify::Argument;
use std::borrow::Cow;
use std::collections::HashMap;
use wasm_encoder::{EntityType, Function, ImportSection, InstructionSink, NameMap, TypeSection, ValType};
use wasmtime_environ::component::CoreDef;

/// The functions so far.
#[derive(Default)]
pub(super) struct Lifts {
    /// The wrappers' positions, by what they call.
    known: HashMap<CoreDef, usize>,
    arguments: Vec<Argument>,
    signatures: Vec<(Vec<ValType>, Vec<ValType>)>,
}

impl Lifts {
    /// The name of the export that calls a definition.
    pub(super) fn export(&mut self, flatten: &mut Flatten<'_>, definition: &CoreDef) -> Result<String, LowerError> {
        if let Some(known) = self.known.get(definition) {
            return Ok(name(*known));
        }
        self.arguments.push(flatten.argument(definition)?);
        self.signatures.push(flatten.signature(definition).ok_or_else(missing)?);
        let position = self.known.len();
        self.known.insert(definition.clone(), position);
        Ok(name(position))
    }

    /// Adds the module, if it has any function.
    pub(super) fn finish(self, flatten: &mut Flatten<'_>) {
        let count = self.signatures.len();
        if count == 0 {
            return;
        }
        // Neither the imports nor the functions are shared.
        let items = SharedItems {
            functions: vec![false; 2 * count],
            ..SharedItems::default()
        };
        let instance = flatten.add_instance(module(&self.signatures), Cow::Owned(items), self.arguments);
        let exports = (0..count).map(|position| (name(position), instance, (count + position) as u32));
        flatten.input.exports.extend(exports);
    }
}

fn name(position: usize) -> String {
    format!("{LIFT_EXPORT}{position}")
}

fn module(signatures: &[(Vec<ValType>, Vec<ValType>)]) -> Vec<u8> {
    let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
    let (mut functions, mut names) = (Vec::new(), NameMap::new());
    for ((parameters, results), position) in signatures.iter().zip(0..) {
        types.ty().function(parameters.iter().copied(), results.iter().copied());
        types
            .ty()
            .function(parameters.iter().map(|_| ValType::I64), [ValType::I64]);
        imports.import("", "", EntityType::Function(2 * position));
        functions.push((2 * position + 1, body(position, parameters, results)));
        names.append(signatures.len() as u32 + position, &name(position as usize));
    }
    added::module(&types, &imports, &functions, &names)
}

fn body(callee: u32, parameters: &[ValType], results: &[ValType]) -> Function {
    let mut body = Function::new([]);
    let mut instructions = body.instructions();
    for (ty, parameter) in parameters.iter().zip(0..) {
        instructions.local_get(parameter);
        narrow(&mut instructions, *ty);
    }
    instructions.call(callee);
    match results {
        [] => _ = instructions.i64_const(0),
        [ty, ..] => widen(&mut instructions, *ty),
    }
    instructions.end();
    body
}

/// Converts a 64-bit number to a parameter.
fn narrow(instructions: &mut InstructionSink<'_>, ty: ValType) {
    match ty {
        ValType::I32 => _ = instructions.i32_wrap_i64(),
        ValType::F32 => _ = instructions.i32_wrap_i64().f32_reinterpret_i32(),
        ValType::F64 => _ = instructions.f64_reinterpret_i64(),
        // Lifted functions take only numbers, so this is `i64`, which needs no conversion.
        ValType::I64 | ValType::V128 | ValType::Ref(_) => {}
    }
}

/// Converts a result to a 64-bit number.
fn widen(instructions: &mut InstructionSink<'_>, ty: ValType) {
    match ty {
        ValType::I32 => _ = instructions.i64_extend_i32_u(),
        ValType::F32 => _ = instructions.i32_reinterpret_f32().i64_extend_i32_u(),
        ValType::F64 => _ = instructions.i64_reinterpret_f64(),
        ValType::I64 | ValType::V128 | ValType::Ref(_) => {}
    }
}
