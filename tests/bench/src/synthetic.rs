//! Generates a module of the wasi-threads ABI of any size, whose code is like that of a C compiler without optimization: a
//! frame on the stack in linear memory, loads and stores in it, branches, direct and indirect calls.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, InstructionSink, MemArg, MemoryType, Module, NameMap,
    NameSection, RefType, TableSection, TableType, TypeSection, ValType,
};

/// Indices of types.
const COMMAND: u32 = 0;
const SPAWN: u32 = 1;
const THREAD_START: u32 = 2;
const BINARY: u32 = 3;

/// Indices of functions. The first one is imported, and the ordinary ones follow.
const THREAD_SPAWN: u32 = 0;
const START: u32 = 1;
const RUN_THREAD: u32 = 2;
const FIRST: u32 = 3;

const STACK_POINTER: u32 = 0;
const FRAME: i32 = 64;
const STACK_TOP: i32 = 65536;
const TABLE_LENGTH: u32 = 1024;

/// How often the pattern of [`body`] is repeated, so that a function takes about 350 bytes with its name.
const REPETITIONS: u32 = 8;

/// A module with this many functions beside its two entry points. It starts a thread.
pub(crate) fn module(functions: u32) -> Vec<u8> {
    of_functions(functions, true)
}

/// The same, but that it ends as soon as it runs.
pub(crate) fn idle_module(functions: u32) -> Vec<u8> {
    of_functions(functions, false)
}

fn of_functions(functions: u32, starts_thread: bool) -> Vec<u8> {
    let mut module = Module::new();
    module
        .section(&types())
        .section(&imports())
        .section(&declarations(functions))
        .section(&table())
        .section(&globals())
        .section(&exports())
        .section(&elements(functions))
        .section(&code(functions, starts_thread))
        .section(&names(functions));
    module.finish()
}

fn types() -> TypeSection {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32, ValType::I32], []);
    types.ty().function([ValType::I32, ValType::I32], [ValType::I32]);
    types
}

fn imports() -> ImportSection {
    let memory = MemoryType {
        minimum: 2,
        maximum: Some(1024),
        memory64: false,
        shared: true,
        page_size_log2: None,
    };
    let mut imports = ImportSection::new();
    imports.import("env", "memory", memory);
    imports.import("wasi", "thread-spawn", EntityType::Function(SPAWN));
    imports
}

fn declarations(functions: u32) -> FunctionSection {
    let mut section = FunctionSection::new();
    section.function(COMMAND).function(THREAD_START);
    for _ in 0..functions {
        section.function(BINARY);
    }
    section
}

fn table() -> TableSection {
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: u64::from(TABLE_LENGTH) + 1,
        maximum: Some(u64::from(TABLE_LENGTH) + 1),
        shared: false,
    });
    tables
}

/// The stack pointer and the TLS base.
fn globals() -> GlobalSection {
    let ty = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    let mut globals = GlobalSection::new();
    globals.global(ty, &ConstExpr::i32_const(STACK_TOP));
    globals.global(ty, &ConstExpr::i32_const(0));
    globals
}

fn exports() -> ExportSection {
    let mut exports = ExportSection::new();
    exports.export("_start", ExportKind::Func, START);
    exports.export("wasi_thread_start", ExportKind::Func, RUN_THREAD);
    exports
}

fn elements(functions: u32) -> ElementSection {
    let in_table: Vec<u32> = (0..TABLE_LENGTH).map(|n| FIRST + n % functions).collect();
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(1), Elements::Functions(in_table.into()));
    elements
}

fn names(functions: u32) -> NameSection {
    let mut map = NameMap::new();
    map.append(START, "_start");
    map.append(RUN_THREAD, "wasi_thread_start");
    for function in 0..functions {
        map.append(FIRST + function, &format!("function_{function}"));
    }
    let mut names = NameSection::new();
    names.functions(&map);
    names
}

fn code(functions: u32, starts_thread: bool) -> CodeSection {
    let mut section = CodeSection::new();
    let mut start = Function::new([]);
    if starts_thread {
        start.instructions().i32_const(7).call(THREAD_SPAWN).drop();
    }
    start.instructions().end();
    section.function(&start);
    let mut run_thread = Function::new([]);
    run_thread.instructions().local_get(1).global_set(STACK_POINTER);
    run_thread
        .instructions()
        .local_get(0)
        .local_get(1)
        .call(FIRST)
        .drop()
        .end();
    section.function(&run_thread);
    let mut numbers = Numbers(1);
    for _ in 0..functions {
        section.function(&body(&mut numbers, functions));
    }
    section
}

fn body(numbers: &mut Numbers, functions: u32) -> Function {
    const A: u32 = 0;
    const B: u32 = 1;
    const VALUE: u32 = 2;
    const FRAME_POINTER: u32 = 3;
    let at = |offset| MemArg {
        offset,
        align: 2,
        memory_index: 0,
    };
    let mut function = Function::new([(2, ValType::I32)]);
    let mut code = function.instructions();
    code.global_get(STACK_POINTER).i32_const(FRAME).i32_sub();
    code.local_tee(FRAME_POINTER).global_set(STACK_POINTER);
    for _ in 0..REPETITIONS {
        let slot = u64::from(numbers.below(FRAME as u32 / 4)) * 4;
        code.local_get(A).i32_load(at(u64::from(numbers.below(1 << 14))));
        code.local_get(B)
            .i32_const(numbers.below(1 << 20) as i32)
            .i32_add()
            .i32_xor()
            .local_set(VALUE);
        code.local_get(FRAME_POINTER).local_get(VALUE).i32_store(at(slot));
        code.local_get(VALUE).if_(BlockType::Empty);
        code.local_get(FRAME_POINTER).i32_load(at(slot)).local_get(A);
        call(&mut code, numbers, functions);
        code.local_set(B).end();
    }
    code.local_get(FRAME_POINTER)
        .i32_const(FRAME)
        .i32_add()
        .global_set(STACK_POINTER);
    code.local_get(VALUE).end();
    function
}

fn call(code: &mut InstructionSink<'_>, numbers: &mut Numbers, functions: u32) {
    let number = numbers.below(functions);
    if number.is_multiple_of(8) {
        code.i32_const((1 + number % TABLE_LENGTH) as i32)
            .call_indirect(0, BINARY);
    } else {
        code.call(FIRST + number);
    }
}

/// Numbers without a pattern that is in the way, the same for each run: a linear congruential generator.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (((self.0 >> 32) * u64::from(limit)) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guest;
    use crate::machine;

    #[test]
    fn the_module_is_adapted_and_compiled() -> anyhow::Result<()> {
        guest::Guest::new(&guest::engine(machine::processors())?, &module(100))?;
        Ok(())
    }
}
