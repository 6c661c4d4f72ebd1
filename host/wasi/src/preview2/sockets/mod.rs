//! `wasi:sockets`. A program has no network unless its context says so.

pub(crate) mod address;
pub(crate) mod error;
pub(crate) mod lookup;
pub(crate) mod network;
pub(crate) mod options;
pub(crate) mod tcp;
mod tcp_socket;
pub(crate) mod udp;

pub(crate) use lookup::Addresses;
pub(crate) use network::Network;
pub(crate) use tcp_socket::TcpSocket;
pub(crate) use udp::{Incoming, Outgoing, UdpSocket};
