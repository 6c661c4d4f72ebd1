//! The host module with which programs name their threads, so that traps and logs show the names: `weft-threads`.
//!
//! Neither the wasi-threads ABI nor the built-ins have a function for this. `guest/c/weft_thread_name.h` declares the import.

use crate::base::ctx::WasiCtx;
use weft_parallel::{Caller, Error, LinkerPart};

/// The longest name that is read, in bytes. The runtime keeps less.
const LONGEST: u32 = 256;

pub(crate) fn add_to_linker(linker: &mut LinkerPart<'_, WasiCtx>) -> Result<(), Error> {
    linker.module("weft-threads").func_wrap(
        "set-name",
        |caller: Caller<'_, WasiCtx>, address: u32, length: u32| -> wasmtime::Result<()> {
            let thread = caller.data();
            let mut name = vec![0; length.min(LONGEST) as usize];
            thread.memory()?.read(address.into(), &mut name)?;
            thread.set_name(&String::from_utf8_lossy(&name));
            Ok(())
        },
    )?;
    Ok(())
}
