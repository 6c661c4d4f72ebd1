//! The module `spectest`, which every script may import from: what [the specification's test suite] defines for all
//! hosts. The functions print nothing.
//!
//! [the specification's test suite]: https://github.com/WebAssembly/spec/tree/main/interpreter#spectest-host-module

use wasmtime::{
    Engine, Extern, Global, GlobalType, Linker, Memory, MemoryType, Mutability, Ref, RefType, Result, SharedMemory,
    Store, Table, TableType, Val, ValType,
};

const MODULE: &str = "spectest";

/// The shared memory. All threads of a script use the same one.
pub(crate) fn shared_memory(engine: &Engine) -> Result<SharedMemory> {
    SharedMemory::new(engine, MemoryType::shared(1, 2))
}

pub(crate) fn define<T>(linker: &mut Linker<T>, store: &mut Store<T>, shared_memory: &SharedMemory) -> Result<()> {
    linker.func_wrap(MODULE, "print", || {})?;
    linker.func_wrap(MODULE, "print_i32", |_: i32| {})?;
    linker.func_wrap(MODULE, "print_i64", |_: i64| {})?;
    linker.func_wrap(MODULE, "print_f32", |_: f32| {})?;
    linker.func_wrap(MODULE, "print_f64", |_: f64| {})?;
    linker.func_wrap(MODULE, "print_i32_f32", |_: i32, _: f32| {})?;
    linker.func_wrap(MODULE, "print_f64_f64", |_: f64, _: f64| {})?;

    let globals = [
        ("global_i32", ValType::I32, Val::I32(666)),
        ("global_i64", ValType::I64, Val::I64(666)),
        ("global_f32", ValType::F32, Val::F32(666.6_f32.to_bits())),
        ("global_f64", ValType::F64, Val::F64(666.6_f64.to_bits())),
    ];
    for (name, ty, value) in globals {
        let global = Global::new(&mut *store, GlobalType::new(ty, Mutability::Const), value)?;
        linker.define(&*store, MODULE, name, global)?;
    }

    let tables = [
        ("table", TableType::new(RefType::FUNCREF, 10, Some(20))),
        ("table64", TableType::new64(RefType::FUNCREF, 10, Some(20))),
    ];
    for (name, ty) in tables {
        let table = Table::new(&mut *store, ty, Ref::Func(None))?;
        linker.define(&*store, MODULE, name, table)?;
    }

    let memory = Memory::new(&mut *store, MemoryType::new(1, Some(2)))?;
    linker.define(&*store, MODULE, "memory", memory)?;
    linker.define(
        &*store,
        MODULE,
        "shared_memory",
        Extern::SharedMemory(shared_memory.clone()),
    )?;
    Ok(())
}
