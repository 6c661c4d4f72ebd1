//! `wasi:sockets/udp`.

use super::address::{Family, IpSocketAddress, internet, is_remote};
use super::error::{Answer, ErrorCode};
use super::network::Network;
use super::options;
use crate::base::bytes::with_scratch;
use crate::base::network::SocketAddrUse;
use crate::base::poll::{Wait, Waitable};
use crate::base::table::Alive;
use crate::base::watched::{Direction, Watched};
use crate::preview2::call::Call;
use crate::preview2::io::Pollable;
use rustix::io::{Errno as Os, retry_on_intr};
use rustix::net::{RecvFlags, SendFlags, SocketFlags, SocketType};
use rustix::net::{
    bind, connect, connect_unspec, getpeername, getsockname, recvfrom, send, sendto, socket_with, sockopt,
};
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use weft_parallel::{ComponentType, Lift, Lower, Resource};

/// The most datagrams that one call sends or receives, and the most bytes that it receives.
const MOST_DATAGRAMS: usize = 16;
const MOST_BYTES: usize = 64 << 10;
/// The size of the longest possible datagram.
const LONGEST: usize = u16::MAX as usize;

/// The resource `udp-socket`.
pub(crate) struct UdpSocket {
    shared: Arc<Shared>,
    /// Whether a bind has started and not finished.
    binding: AtomicBool,
}

/// The resource `incoming-datagram-stream`.
pub(crate) struct Incoming(Arc<Shared>);

/// The resource `outgoing-datagram-stream`.
pub(crate) struct Outgoing(Arc<Shared>);

/// The state that a socket and its streams share.
struct Shared {
    socket: Watched,
    family: Family,
    state: Mutex<State>,
    _alive: Alive,
}

#[derive(Clone, Copy, Default)]
struct State {
    bound: bool,
    remote: Option<SocketAddr>,
}

/// The record `incoming-datagram`.
#[derive(Debug, ComponentType, Lower)]
#[component(record)]
pub(crate) struct IncomingDatagram {
    data: Vec<u8>,
    remote_address: IpSocketAddress,
}

/// The record `outgoing-datagram`.
#[derive(Debug, ComponentType, Lift)]
#[component(record)]
pub(crate) struct OutgoingDatagram {
    data: Vec<u8>,
    remote_address: Option<IpSocketAddress>,
}

type Udp = Resource<UdpSocket>;
type Streams = (Resource<Incoming>, Resource<Outgoing>);

impl Shared {
    /// No code under this lock panics.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bind(&self, call: Call<'_>, address: SocketAddr) -> Result<(), ErrorCode> {
        let mut state = self.state();
        if state.bound {
            return Err(ErrorCode::InvalidState);
        }
        if !self.family.fits(address.ip()) {
            return Err(ErrorCode::InvalidArgument);
        }
        call.ctx.network.check(address, SocketAddrUse::UdpBind)?;
        match bind(&self.socket, &address) {
            Err(Os::AFNOSUPPORT) => return Err(ErrorCode::InvalidArgument),
            outcome => outcome?,
        }
        state.bound = true;
        Ok(())
    }

    /// Restricts datagrams to one remote address, or lifts the restriction.
    fn set_remote(&self, call: Call<'_>, remote: Option<SocketAddr>) -> Result<(), ErrorCode> {
        let mut state = self.state();
        if !state.bound {
            return Err(ErrorCode::InvalidState);
        }
        match remote {
            Some(address) => {
                self.check_remote(address)?;
                call.ctx.network.check(address, SocketAddrUse::UdpSend)?;
                call.ctx.network.check(address, SocketAddrUse::UdpReceive)?;
                // Linux routes a connected socket to another interface only if it is disconnected first.
                let mut outcome = connect(&self.socket, &address);
                if outcome == Err(Os::INVAL) {
                    connect_unspec(&self.socket)?;
                    outcome = connect(&self.socket, &address);
                }
                outcome?;
            }
            None if state.remote.is_some() => connect_unspec(&self.socket)?,
            None => return Ok(()),
        }
        state.remote = match getpeername(&self.socket) {
            Ok(Some(address)) => Some(internet(address)?),
            Ok(None) | Err(_) => None,
        };
        Ok(())
    }

    fn check_remote(&self, address: SocketAddr) -> Result<(), ErrorCode> {
        match is_remote(address) && self.family.fits(address.ip()) {
            true => Ok(()),
            false => Err(ErrorCode::InvalidArgument),
        }
    }

    fn local_address(&self) -> Result<SocketAddr, ErrorCode> {
        match self.state().bound {
            true => internet(getsockname(&self.socket)?),
            false => Err(ErrorCode::InvalidState),
        }
    }

    fn receive(&self, call: Call<'_>, most: usize) -> Result<Vec<IncomingDatagram>, ErrorCode> {
        let _charge = call.charge(MOST_BYTES + LONGEST)?;
        let only = self.state().remote;
        let (mut datagrams, mut bytes) = (Vec::new(), 0);
        while datagrams.len() < most && bytes < MOST_BYTES {
            match self.receive_one() {
                Err(ErrorCode::WouldBlock) => break,
                Err(_) if !datagrams.is_empty() => break,
                Err(error) => return Err(error),
                // It was in transit when the socket was connected to another address.
                Ok((_, from)) if only.is_some_and(|only| only != from) => {}
                Ok((_, from)) if call.ctx.network.check(from, SocketAddrUse::UdpReceive).is_err() => {}
                Ok((data, from)) => {
                    bytes += 1 + data.len();
                    let remote_address = from.into();
                    datagrams.push(IncomingDatagram { data, remote_address });
                }
            }
        }
        Ok(datagrams)
    }

    fn receive_one(&self) -> Result<(Vec<u8>, SocketAddr), ErrorCode> {
        with_scratch(LONGEST, |buffer| {
            let received = retry_on_intr(|| recvfrom(&self.socket, &mut *buffer, RecvFlags::DONTWAIT));
            let (_, length, from) = received?;
            let data = buffer.get(..length).unwrap_or(buffer).to_vec();
            Ok((data, internet(from.ok_or(ErrorCode::Unknown)?)?))
        })
    }

    fn send(&self, call: Call<'_>, datagrams: Vec<OutgoingDatagram>) -> Result<u64, ErrorCode> {
        let _charge = call.charge(datagrams.iter().map(|datagram| datagram.data.len()).sum())?;
        let mut sent = 0;
        for datagram in datagrams {
            match self.send_one(call, &datagram.data, datagram.remote_address.map(SocketAddr::from)) {
                Ok(()) => sent += 1,
                Err(ErrorCode::WouldBlock) => break,
                // The next call reports the error.
                Err(_) if sent > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(sent)
    }

    fn send_one(&self, call: Call<'_>, data: &[u8], to: Option<SocketAddr>) -> Result<(), ErrorCode> {
        if data.len() > LONGEST {
            return Err(ErrorCode::DatagramTooLarge);
        }
        let remote = self.state().remote;
        let address = match (to, remote) {
            (Some(to), _) => {
                self.check_remote(to)?;
                if remote.is_some_and(|remote| remote != to) {
                    return Err(ErrorCode::InvalidArgument);
                }
                to
            }
            (None, Some(remote)) => remote,
            (None, None) => return Err(ErrorCode::InvalidArgument),
        };
        call.ctx.network.check(address, SocketAddrUse::UdpSend)?;
        let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
        match remote {
            Some(_) => retry_on_intr(|| send(&self.socket, data, flags))?,
            None => retry_on_intr(|| sendto(&self.socket, data, flags, &address))?,
        };
        Ok(())
    }

    /// An error makes the socket ready too.
    fn is_ready_for(&self, direction: Direction) -> bool {
        self.socket.probe(direction).map_or(true, |found| !found.is_empty())
    }
}

impl Waitable for Incoming {
    fn is_ready(&self) -> bool {
        self.0.is_ready_for(Direction::Read)
    }

    fn wait(&self) -> Option<Wait<'_>> {
        Some(Wait::File(&self.0.socket, Direction::Read))
    }
}

impl Waitable for Outgoing {
    fn is_ready(&self) -> bool {
        self.0.is_ready_for(Direction::Write)
    }

    fn wait(&self) -> Option<Wait<'_>> {
        Some(Wait::File(&self.0.socket, Direction::Write))
    }
}

pub(crate) fn create(call: Call<'_>, family: Family) -> Answer<Udp> {
    let create = || {
        if !call.ctx.network.udp {
            return Err(ErrorCode::AccessDenied);
        }
        let alive = call.ctx.table.count_one_more()?;
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(family.of_host(), SocketType::DGRAM, flags, None)?;
        if family == Family::Ipv6 {
            sockopt::set_ipv6_v6only(&socket, true)?;
        }
        Ok(UdpSocket {
            shared: Arc::new(Shared {
                socket: Watched::new(socket),
                family,
                state: Mutex::default(),
                _alive: alive,
            }),
            binding: AtomicBool::new(false),
        })
    };
    match create() {
        Ok(socket) => call.push(socket).map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

pub(crate) fn start_bind(call: Call<'_>, socket: Udp, _: Resource<Network>, address: IpSocketAddress) -> Answer<()> {
    let socket = call.get(&socket)?;
    if socket.binding.load(Relaxed) {
        return Ok(Err(ErrorCode::ConcurrencyConflict));
    }
    let bound = socket.shared.bind(call, address.into());
    socket.binding.store(bound.is_ok(), Relaxed);
    Ok(bound)
}

pub(crate) fn finish_bind(call: Call<'_>, socket: Udp) -> Answer<()> {
    match call.get(&socket)?.binding.swap(false, Relaxed) {
        true => Ok(Ok(())),
        false => Ok(Err(ErrorCode::NotInProgress)),
    }
}

pub(crate) fn stream(call: Call<'_>, socket: Udp, remote: Option<IpSocketAddress>) -> Answer<Streams> {
    let socket = call.get(&socket)?;
    if Arc::strong_count(&socket.shared) > 1 {
        return Err(wasmtime::Error::msg("UDP streams not dropped yet"));
    }
    match socket.shared.set_remote(call, remote.map(SocketAddr::from)) {
        Ok(()) => {
            let incoming = call.push(Incoming(Arc::clone(&socket.shared)))?;
            Ok(Ok((incoming, call.push(Outgoing(Arc::clone(&socket.shared)))?)))
        }
        Err(error) => Ok(Err(error)),
    }
}

pub(crate) fn local_address(call: Call<'_>, socket: Udp) -> Answer<IpSocketAddress> {
    Ok(call.get(&socket)?.shared.local_address().map(IpSocketAddress::from))
}

pub(crate) fn remote_address(call: Call<'_>, socket: Udp) -> Answer<IpSocketAddress> {
    let remote = call.get(&socket)?.shared.state().remote;
    Ok(remote.map(IpSocketAddress::from).ok_or(ErrorCode::InvalidState))
}

pub(crate) fn address_family(call: Call<'_>, socket: Udp) -> wasmtime::Result<Family> {
    Ok(call.get(&socket)?.shared.family)
}

pub(crate) fn unicast_hop_limit(call: Call<'_>, socket: Udp) -> Answer<u8> {
    let shared = &call.get(&socket)?.shared;
    Ok(options::hop_limit(shared.socket.as_fd(), shared.family))
}

pub(crate) fn set_unicast_hop_limit(call: Call<'_>, socket: Udp, value: u8) -> Answer<()> {
    let shared = &call.get(&socket)?.shared;
    Ok(options::set_hop_limit(shared.socket.as_fd(), shared.family, value))
}

pub(crate) fn receive_buffer_size(call: Call<'_>, socket: Udp) -> Answer<u64> {
    Ok(options::receive_buffer_size(call.get(&socket)?.shared.socket.as_fd()))
}

pub(crate) fn set_receive_buffer_size(call: Call<'_>, socket: Udp, value: u64) -> Answer<()> {
    Ok(options::set_receive_buffer_size(
        call.get(&socket)?.shared.socket.as_fd(),
        value,
    ))
}

pub(crate) fn send_buffer_size(call: Call<'_>, socket: Udp) -> Answer<u64> {
    Ok(options::send_buffer_size(call.get(&socket)?.shared.socket.as_fd()))
}

pub(crate) fn set_send_buffer_size(call: Call<'_>, socket: Udp, value: u64) -> Answer<()> {
    Ok(options::set_send_buffer_size(
        call.get(&socket)?.shared.socket.as_fd(),
        value,
    ))
}

/// No operation of the socket itself waits.
pub(crate) fn subscribe(call: Call<'_>, _: Udp) -> wasmtime::Result<Resource<Pollable>> {
    call.push(Pollable::Ready)
}

pub(crate) fn receive(call: Call<'_>, stream: Resource<Incoming>, most: u64) -> Answer<Vec<IncomingDatagram>> {
    let most = usize::try_from(most).map_or(MOST_DATAGRAMS, |most| most.min(MOST_DATAGRAMS));
    Ok(call.get(&stream)?.0.receive(call, most))
}

pub(crate) fn subscribe_incoming(call: Call<'_>, stream: Resource<Incoming>) -> wasmtime::Result<Resource<Pollable>> {
    call.push(Pollable::Waits(call.get(&stream)?))
}

pub(crate) fn check_send(call: Call<'_>, stream: Resource<Outgoing>) -> Answer<u64> {
    match call.get(&stream)?.is_ready() {
        true => Ok(Ok(MOST_DATAGRAMS as u64)),
        false => Ok(Ok(0)),
    }
}

/// If threads share a stream, each of them may send as many datagrams as `check_send` returned to it.
pub(crate) fn send_all(call: Call<'_>, stream: Resource<Outgoing>, datagrams: Vec<OutgoingDatagram>) -> Answer<u64> {
    if datagrams.len() > MOST_DATAGRAMS {
        return Err(wasmtime::Error::msg("unpermitted: argument exceeds permitted size"));
    }
    Ok(call.get(&stream)?.0.send(call, datagrams))
}

pub(crate) fn subscribe_outgoing(call: Call<'_>, stream: Resource<Outgoing>) -> wasmtime::Result<Resource<Pollable>> {
    call.push(Pollable::Waits(call.get(&stream)?))
}
