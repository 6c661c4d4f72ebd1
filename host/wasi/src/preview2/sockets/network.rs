//! `wasi:sockets/network` and `wasi:sockets/instance-network`.

use crate::preview2::call::Call;
use weft_parallel::Resource;

/// The resource `network`. It is empty, because the program's context decides what the program may use.
pub(crate) struct Network;

pub(crate) fn instance_network(call: Call<'_>) -> wasmtime::Result<Resource<Network>> {
    call.push(Network)
}
