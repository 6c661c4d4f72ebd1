//! What the adapters between component instances call: string transcoders, traps, and the start and end of a call.
//!
//! An adapter has checked that a string is in bounds, and other threads may write it meanwhile. So a transcoder copies it once,
//! and converts the copy.

use super::arguments::ARGUMENTS;
use crate::error::trap;
use crate::limits::budget::{Budget, Charge, OverBudget};
use crate::state::option_lookup::memory;
use crate::state::store_options::StoreOptions;
use crate::state::thread::{Caller, Thread};
use crate::values::core::{FlatValues, value};
use crate::values::memory::with;
use std::sync::Arc;
use wasmtime::{AsContextMut, FuncType, Linker, StoreContextMut, Trap, Val};
use weft_abi::Transcoding;
use weft_abi::transcode::Results;
use weft_lower::plan::{OptionMemory, ThreadTableIndex};

/// Strings of up to this many bytes are covered by what each thread is charged.
const UNCHARGED: u64 = 4 << 10;

/// `memories` are the memory that is read and the memory that is written.
pub(super) fn define_transcoder<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    transcoding: Transcoding,
    memories: [&OptionMemory; 2],
    ty: &FuncType,
) -> wasmtime::Result<()> {
    let [from, to] = memories.map(OptionMemory::clone);
    let types: Vec<_> = ty.results().collect();
    let transcode = move |mut caller: Caller<'_, T>, arguments: &[Val], results: &mut [Val]| {
        let mut store = caller.as_context_mut();
        let arguments = FlatValues::of(arguments)?;
        let _charge = charge(&store.data().instance.budget, transcoding.allocation(&arguments))?;
        let from = in_store(&mut store, &from)?;
        let read = with(&mut store, &from, |memory| Ok(transcoding.read(&arguments, memory)?))?;
        let to = in_store(&mut store, &to)?;
        let returned = match with(&mut store, &to, |memory| Ok(read.store(memory)?))? {
            Results::None => vec![],
            Results::One(length) => vec![length],
            Results::Two(read, stored) => vec![read, stored],
        };
        if returned.len() != types.len() {
            return Err(trap("a transcoder is imported at another type"));
        }
        for ((result, bits), ty) in results.iter_mut().zip(returned).zip(&types) {
            *result = value(bits, ty)?;
        }
        Ok(())
    };
    linker.func_new(ARGUMENTS, name, ty.clone(), transcode).map(drop)
}

/// Charges what a transcoder allocates. The charge lasts until the transcoder returns.
fn charge(budget: &Arc<Budget>, bytes: u64) -> Result<Option<Charge>, OverBudget> {
    match bytes {
        0..=UNCHARGED => Ok(None),
        _ => Charge::reclaiming(budget, bytes).map(Some),
    }
}

/// Resolves a memory in the store, as options that name nothing else.
fn in_store<T: 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    option: &OptionMemory,
) -> wasmtime::Result<StoreOptions> {
    Ok(StoreOptions {
        resources: Arc::clone(&store.data().instance.resources),
        memory: Some(memory(store, option)?),
        realloc: None,
    })
}

/// Begins a call to a component instance with its own thread table.
pub(super) fn define_enter<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    table: ThreadTableIndex,
) -> wasmtime::Result<()> {
    let enter = move |mut caller: Caller<'_, T>| caller.data_mut().enter_instance(table);
    linker.func_wrap(ARGUMENTS, name, enter).map(drop)
}

/// Ends the call.
pub(super) fn define_exit<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
) -> wasmtime::Result<()> {
    let exit = |mut caller: Caller<'_, T>| caller.data_mut().exit_instance();
    linker.func_wrap(ARGUMENTS, name, exit).map(drop)
}

pub(super) fn define_trap<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
) -> wasmtime::Result<()> {
    let traps = |number: u32| -> wasmtime::Result<()> {
        let reason = u8::try_from(number).ok().and_then(Trap::from_u8);
        Err(match reason {
            Some(reason) => reason.into(),
            None => trap(format_args!("trap {number}")),
        })
    };
    linker.func_wrap(ARGUMENTS, name, traps).map(drop)
}
