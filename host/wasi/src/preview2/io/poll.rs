//! `wasi:io/poll`: waiting for the first of several things. Only the guest thread that waits is suspended.

use crate::base::clocks::{Clocks, Deadline};
use crate::base::poll::{Wait, Waitable, wait_until};
use crate::preview2::call::Call;
use std::sync::Arc;
use weft_parallel::Resource;

/// The resource `pollable`. It keeps its stream, socket or lookup alive, even if the program drops that.
pub(crate) enum Pollable {
    /// Nothing: it is ready at once.
    Ready,
    /// A time on one of the program's clocks.
    Until(Deadline),
    /// A stream, socket or lookup.
    Waits(Arc<dyn Waitable>),
}

impl Pollable {
    fn is_ready(&self, clocks: &Clocks) -> bool {
        match self {
            // If the clock cannot be read, the pollable is ready.
            Pollable::Until(deadline) => !matches!(clocks.left(*deadline), Ok(Some(_))),
            Pollable::Ready => true,
            Pollable::Waits(waitable) => waitable.is_ready(),
        }
    }

    fn wait(&self) -> Option<Wait<'_>> {
        match self {
            Pollable::Until(deadline) => Some(Wait::Until(*deadline)),
            Pollable::Ready => None,
            Pollable::Waits(waitable) => waitable.wait(),
        }
    }
}

pub(crate) fn ready(call: Call<'_>, pollable: Resource<Pollable>) -> wasmtime::Result<bool> {
    Ok(call.get(&pollable)?.is_ready(&call.ctx.clocks))
}

pub(crate) async fn block(call: Call<'_>, pollable: Resource<Pollable>) -> wasmtime::Result<()> {
    let pollable = call.get(&pollable)?;
    first_of(call, &[pollable]).await.map(drop)
}

pub(crate) async fn poll(call: Call<'_>, pollables: Vec<Resource<Pollable>>) -> wasmtime::Result<Vec<u32>> {
    if pollables.is_empty() {
        return Err(wasmtime::Error::msg("empty poll list"));
    }
    let charge = call.charge(pollables.len() * size_of::<Wait<'_>>());
    let _charge =
        charge.map_err(|_| wasmtime::Error::msg("the program's memory limit has no room to poll so many pollables"))?;
    let pollables: wasmtime::Result<Vec<_>> = pollables.iter().map(|pollable| call.get(pollable)).collect();
    first_of(call, &pollables?).await
}

/// Suspends until one of them is ready, and returns the positions of all that are.
async fn first_of(call: Call<'_>, pollables: &[Arc<Pollable>]) -> wasmtime::Result<Vec<u32>> {
    let clocks = &call.ctx.clocks;
    let ready = || {
        let positions = pollables.iter().zip(0..);
        let ready: Vec<u32> = positions
            .filter_map(|(pollable, position)| pollable.is_ready(clocks).then_some(position))
            .collect();
        (!ready.is_empty()).then_some(ready)
    };
    let waits = || pollables.iter().filter_map(|pollable| pollable.wait()).collect();
    let found = wait_until(clocks, ready, waits).await;
    found.map_err(|error| wasmtime::Error::msg(format!("cannot wait for a pollable: {error}")))
}
