//! A list of functions and arguments whose threads have not started yet, in [`Form::Stock`](super::Form).
//!
//! ```wat
//! (module
//!   (type $start (func (param i64)))                     ;; the start type
//!   (table (export "table") 1 1 funcref (ref.func $run)) ;; what threads are made from
//!   (table $functions 0 (ref null $start))
//!   (memory 0)                                           ;; the arguments, 8 bytes each
//!   (global $free (mut i32) (i32.const -1))              ;; a place that is free, or -1
//!   (func (export "put") (param (ref $start) i64) (result i32) ...)  ;; takes a place in the list
//!   (func $run (param $place i32) ...))                  ;; frees it, and calls what was in it
//! ```
//!
//! In the memory, a free entry contains the number of the next free entry instead of an argument. The list never
//! shrinks, so it has as many entries as threads have ever waited at once. If the list cannot grow, the access to its
//! memory traps.

use super::start::UnsharedStart;
use super::tables::{HOLDER_TABLE, holder_table};
use crate::binary::declared::FirstTypes;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    InstructionSink, MemArg, MemorySection, MemoryType, Module, RefType, TableSection, TableType, ValType,
};

/// The name under which a list exports, and a shim imports, the function that adds to the list.
pub(super) const PUT: &str = "put";

const PUT_FUNCTION: u32 = 0;
const RUN_FUNCTION: u32 = 1;
const FUNCTIONS: u32 = 1;
const FREE: u32 = 0;
/// How many arguments fit in a page of memory, as an exponent of two, and how many bytes one takes.
const ARGUMENTS_PER_PAGE: i32 = 13;
const ARGUMENT_SIZE: i32 = 3;

/// The module for a start type.
pub(super) fn list_holder(start: &UnsharedStart) -> Module {
    let FirstTypes {
        section: mut types,
        next,
        ..
    } = start.types.clone();
    types
        .ty()
        .function([start.reference(false), start.parameter()], [ValType::I32]);
    types.ty().function([ValType::I32], []);
    let mut functions = FunctionSection::new();
    functions.function(next).function(next + 1);

    let mut tables = TableSection::new();
    tables.table_with_init(holder_table(), &ConstExpr::ref_func(RUN_FUNCTION));
    tables.table(TableType {
        element_type: RefType {
            nullable: true,
            heap_type: start.heap_type(),
        },
        minimum: 0,
        maximum: None,
        ..holder_table()
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 0,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    let free = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    globals.global(free, &ConstExpr::i32_const(-1));
    let mut exports = ExportSection::new();
    exports.export(HOLDER_TABLE, ExportKind::Table, 0);
    exports.export(PUT, ExportKind::Func, PUT_FUNCTION);

    let mut put_body = Function::new([(1, ValType::I32)]);
    put(&mut put_body.instructions(), start);
    let mut run_body = Function::new([(1, start.parameter()), (1, start.reference(true))]);
    run(&mut run_body.instructions(), start);
    let mut code = CodeSection::new();
    code.function(&put_body).function(&run_body);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&tables)
        .section(&memories)
        .section(&globals)
        .section(&exports)
        .section(&code);
    module
}

const ARGUMENT: MemArg = MemArg {
    offset: 0,
    align: 2,
    memory_index: 0,
};

fn address(code: &mut InstructionSink<'_>, place: u32) {
    code.local_get(place).i32_const(ARGUMENT_SIZE).i32_shl();
}

fn put(code: &mut InstructionSink<'_>, start: &UnsharedStart) {
    const FUNCTION: u32 = 0;
    const PARAMETER: u32 = 1;
    const PLACE: u32 = 2;
    code.global_get(FREE).local_tee(PLACE).i32_const(-1).i32_eq();
    code.if_(BlockType::Empty);
    code.local_get(FUNCTION)
        .i32_const(1)
        .table_grow(FUNCTIONS)
        .local_tee(PLACE);
    code.i32_const(ARGUMENTS_PER_PAGE).i32_shr_u().memory_size(0).i32_eq();
    code.if_(BlockType::Empty).i32_const(1).memory_grow(0).drop().end();
    code.else_();
    address(code, PLACE);
    code.i32_load(ARGUMENT).global_set(FREE);
    code.local_get(PLACE).local_get(FUNCTION).table_set(FUNCTIONS);
    code.end();
    address(code, PLACE);
    code.local_get(PARAMETER);
    match start.wide {
        true => code.i64_store(ARGUMENT),
        false => code.i32_store(ARGUMENT),
    };
    code.local_get(PLACE).end();
}

fn run(code: &mut InstructionSink<'_>, start: &UnsharedStart) {
    const PLACE: u32 = 0;
    const PARAMETER: u32 = 1;
    const FUNCTION: u32 = 2;
    address(code, PLACE);
    match start.wide {
        true => code.i64_load(ARGUMENT),
        false => code.i32_load(ARGUMENT),
    };
    code.local_set(PARAMETER);
    code.local_get(PLACE).table_get(FUNCTIONS).local_set(FUNCTION);
    code.local_get(PLACE).ref_null(start.heap_type()).table_set(FUNCTIONS);
    address(code, PLACE);
    code.global_get(FREE).i32_store(ARGUMENT);
    code.local_get(PLACE).global_set(FREE);
    code.local_get(PARAMETER)
        .local_get(FUNCTION)
        .call_ref(start.types.index)
        .end();
}
