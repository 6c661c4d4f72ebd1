//! `wasi:sockets/network` and `wasi:sockets/instance-network`.

use crate::preview2::call::Call;
use weft_parallel::Resource;

/// The resource `network`. What a program may use is up to its context, so there is nothing in it.
pub(crate) struct Network;

pub(crate) fn instance_network(call: Call<'_>) -> wasmtime::Result<Resource<Network>> {
    call.push(Network)
}
