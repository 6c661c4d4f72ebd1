//! The functions of `wasi:sockets/tcp` and `wasi:sockets/tcp-create-socket`.

use super::address::{Family, IpSocketAddress};
use super::error::Answer;
use super::network::Network;
use super::options;
use super::tcp_socket::{Operation, ShutdownType, TcpSocket};
use crate::preview2::call::Call;
use crate::preview2::io::{InputStream, OutputStream, Pollable};
use weft_parallel::Resource;

type Tcp = Resource<TcpSocket>;
type Streams = (Resource<InputStream>, Resource<OutputStream>);

pub(crate) fn create(call: Call<'_>, family: Family) -> Answer<Tcp> {
    match TcpSocket::create(call, family) {
        Ok(socket) => call.push(socket).map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

pub(crate) fn start_bind(call: Call<'_>, socket: Tcp, _: Resource<Network>, address: IpSocketAddress) -> Answer<()> {
    Ok(call.get(&socket)?.bind(call, address.into()))
}

pub(crate) fn finish_bind(call: Call<'_>, socket: Tcp) -> Answer<()> {
    Ok(call.get(&socket)?.finish(Operation::Bind))
}

pub(crate) fn start_connect(call: Call<'_>, socket: Tcp, _: Resource<Network>, address: IpSocketAddress) -> Answer<()> {
    Ok(call.get(&socket)?.connect(call, address.into()))
}

pub(crate) fn finish_connect(call: Call<'_>, socket: Tcp) -> Answer<Streams> {
    match call.get(&socket)?.finish_connect() {
        Ok((input, output)) => Ok(Ok((call.push_shared(input)?, call.push_shared(output)?))),
        Err(error) => Ok(Err(error)),
    }
}

pub(crate) fn start_listen(call: Call<'_>, socket: Tcp) -> Answer<()> {
    Ok(call.get(&socket)?.listen(call))
}

pub(crate) fn finish_listen(call: Call<'_>, socket: Tcp) -> Answer<()> {
    Ok(call.get(&socket)?.finish(Operation::Listen))
}

pub(crate) fn accept(call: Call<'_>, socket: Tcp) -> Answer<(Tcp, Resource<InputStream>, Resource<OutputStream>)> {
    let (accepted, input, output) = match call.get(&socket)?.accept(call) {
        Ok(accepted) => accepted,
        Err(error) => return Ok(Err(error)),
    };
    Ok(Ok((
        call.push(accepted)?,
        call.push_shared(input)?,
        call.push_shared(output)?,
    )))
}

pub(crate) fn local_address(call: Call<'_>, socket: Tcp) -> Answer<IpSocketAddress> {
    Ok(call.get(&socket)?.local_address().map(IpSocketAddress::from))
}

pub(crate) fn remote_address(call: Call<'_>, socket: Tcp) -> Answer<IpSocketAddress> {
    Ok(call.get(&socket)?.remote_address().map(IpSocketAddress::from))
}

pub(crate) fn is_listening(call: Call<'_>, socket: Tcp) -> wasmtime::Result<bool> {
    Ok(call.get(&socket)?.is_listening())
}

pub(crate) fn address_family(call: Call<'_>, socket: Tcp) -> wasmtime::Result<Family> {
    Ok(call.get(&socket)?.family())
}

pub(crate) fn set_listen_backlog_size(call: Call<'_>, socket: Tcp, value: u64) -> Answer<()> {
    Ok(call.get(&socket)?.set_backlog(value))
}

/// Defines the functions that get or set an option of the socket.
macro_rules! options {
    ($($get:ident $set:ident: $ty:ty;)*) => {$(
        pub(crate) fn $get(call: Call<'_>, socket: Tcp) -> Answer<$ty> {
            Ok(call.get(&socket)?.usable().and_then(options::$get))
        }

        pub(crate) fn $set(call: Call<'_>, socket: Tcp, value: $ty) -> Answer<()> {
            Ok(call.get(&socket)?.usable().and_then(|fd| options::$set(fd, value)))
        }
    )*};
}

options! {
    keep_alive_enabled set_keep_alive_enabled: bool;
    keep_alive_idle_time set_keep_alive_idle_time: u64;
    keep_alive_interval set_keep_alive_interval: u64;
    keep_alive_count set_keep_alive_count: u32;
    receive_buffer_size set_receive_buffer_size: u64;
    send_buffer_size set_send_buffer_size: u64;
}

pub(crate) fn hop_limit(call: Call<'_>, socket: Tcp) -> Answer<u8> {
    let socket = call.get(&socket)?;
    Ok(socket.usable().and_then(|fd| options::hop_limit(fd, socket.family())))
}

pub(crate) fn set_hop_limit(call: Call<'_>, socket: Tcp, value: u8) -> Answer<()> {
    let socket = call.get(&socket)?;
    Ok(socket
        .usable()
        .and_then(|fd| options::set_hop_limit(fd, socket.family(), value)))
}

pub(crate) fn subscribe(call: Call<'_>, socket: Tcp) -> wasmtime::Result<Resource<Pollable>> {
    call.push(Pollable::Waits(call.get(&socket)?))
}

pub(crate) fn shutdown(call: Call<'_>, socket: Tcp, how: ShutdownType) -> Answer<()> {
    Ok(call.get(&socket)?.shut_down(how))
}
