//! The operations on function references and on shared tables that change for which guest code calls the host.

use super::arguments::{ARGUMENTS, Operand};
use crate::error::trap;
use crate::log;
use crate::state::start_functions;
use crate::state::thread::{Caller, Thread};
use tracing::debug;
use wasmtime::{Func, Linker};
use weft_lower::plan::{FunctionHandle, WrittenTableIndex};

/// Converts a `funcref` of the calling thread to its handle.
pub(super) fn define_function_handle<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
) -> wasmtime::Result<()> {
    let handle = |caller: Caller<'_, T>, function: Option<Func>| Ok(start_functions::handle(caller, function)?.0);
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

/// Runs before an unshared table grows, which happens in steps.
pub(super) fn define_reserve<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
) -> wasmtime::Result<()> {
    let reserve = |mut caller: Caller<'_, T>, length: i64, by: i64| -> wasmtime::Result<i32> {
        if length == -1 {
            return Err(trap(
                "the system refuses memory for a table that the program's limits allow to grow",
            ));
        }
        let account = &mut caller.data_mut().account;
        let reserved = account.reserve_table(length.unsigned(), by.unsigned())?;
        Ok(i32::from(reserved))
    };
    linker.func_wrap(ARGUMENTS, name, reserve).map(drop)
}

async fn grow<T: Send + Sync + 'static, U: Operand>(
    caller: &Caller<'_, T>,
    table: WrittenTableIndex,
    element: u32,
    by: U,
) -> wasmtime::Result<U> {
    let Thread { instance, id, .. } = caller.data();
    let elements = by.unsigned();
    let grown = instance
        .table(table)
        .grow(FunctionHandle(element), elements, || instance.pause());
    let before = grown.await?;
    if before.is_none() {
        let table = table.index();
        debug!(target: log::LIMITS, instance = instance.number, thread = id.index, table, elements, "a table did not grow");
    }
    Ok(U::from_unsigned(before))
}
