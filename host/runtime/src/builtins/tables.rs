//! Function references and shared tables that change, where guest code cannot deal with them alone.

use super::{ARGUMENTS, Operand};
use crate::start;
use crate::thread::{Caller, Thread};
use wasmtime::{Func, Linker};
use weft_lower::plan::{FunctionHandle, WrittenTableIndex};

/// The handle of a `funcref` of the calling thread's.
pub(super) fn define_function_handle<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
) -> wasmtime::Result<()> {
    let handle = |caller: Caller<'_, T>, function: Option<Func>| Ok(start::handle(caller, function)?.0);
    linker.func_wrap(ARGUMENTS, name, handle).map(drop)
}

/// `table.grow`.
pub(super) fn define_grow<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    table: WrittenTableIndex,
    table64: bool,
) -> wasmtime::Result<()> {
    macro_rules! define {
        ($index:ty) => {
            linker.func_wrap_async(
                ARGUMENTS,
                name,
                move |caller: Caller<'_, T>, (element, by): (u32, $index)| {
                    Box::new(async move { grow(&caller, table, element, by).await })
                },
            )
        };
    }
    match table64 {
        false => define!(i32),
        true => define!(i64),
    }?;
    Ok(())
}

async fn grow<T: Send + Sync + 'static, U: Operand>(
    caller: &Caller<'_, T>,
    table: WrittenTableIndex,
    element: u32,
    by: U,
) -> wasmtime::Result<U> {
    let program = &caller.data().program;
    let grown = program
        .table(table)
        .grow(FunctionHandle(element), by.unsigned(), || program.pause());
    Ok(U::from_unsigned(grown.await?))
}
