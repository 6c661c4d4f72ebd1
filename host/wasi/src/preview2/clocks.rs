//! `wasi:clocks`.

use super::call::Call;
use super::io::Pollable;
use crate::base::clocks::Clock;
use std::time::Duration;
use wasmtime::Result;
use weft_parallel::{ComponentType, Lift, Lower, Resource};

/// The record `datetime`: a time since the beginning of 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
pub(crate) struct Datetime {
    pub(crate) seconds: u64,
    pub(crate) nanoseconds: u32,
}

impl From<Duration> for Datetime {
    fn from(time: Duration) -> Self {
        Datetime {
            seconds: time.as_secs(),
            nanoseconds: time.subsec_nanos(),
        }
    }
}

pub(crate) fn wall_now(call: Call<'_>) -> Result<Datetime> {
    Ok(call.ctx.clocks.wall.now().into())
}

pub(crate) fn wall_resolution(call: Call<'_>) -> Result<Datetime> {
    Ok(call.ctx.clocks.wall.resolution().into())
}

pub(crate) fn now(call: Call<'_>) -> Result<u64> {
    Ok(call.ctx.clocks.monotonic.now())
}

pub(crate) fn resolution(call: Call<'_>) -> Result<u64> {
    Ok(call.ctx.clocks.monotonic.resolution())
}

pub(crate) fn subscribe_instant(call: Call<'_>, when: u64) -> Result<Resource<Pollable>> {
    subscribe(call, when, true)
}

pub(crate) fn subscribe_duration(call: Call<'_>, duration: u64) -> Result<Resource<Pollable>> {
    subscribe(call, duration, false)
}

fn subscribe(call: Call<'_>, time: u64, absolute: bool) -> Result<Resource<Pollable>> {
    call.push(Pollable::Until(call.ctx.clocks.deadline(
        Clock::Monotonic,
        time,
        absolute,
    )))
}
