//! Which addresses a program may use.

use std::net::SocketAddr;
use std::sync::Arc;

/// What a program uses an address for. The cases are those of Wasmtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketAddrUse {
    /// Binding a TCP socket to this address. If the system picks the port, this is the unspecified address of the family.
    TcpBind,
    /// Listening at this local address.
    TcpListen,
    /// Accepting a connection from this remote address. If you refuse it, the connection is reset, and the program does not see it.
    TcpAccept,
    /// Connecting to this remote address.
    TcpConnect,
    /// Binding a UDP socket, as for [`TcpBind`](Self::TcpBind).
    UdpBind,
    /// Sending a datagram to this remote address.
    UdpSend,
    /// Receiving a datagram from this remote address. If you refuse it, the datagram is dropped, and the program does not see it.
    UdpReceive,
}

pub(crate) type Check = Arc<dyn Fn(SocketAddr, SocketAddrUse) -> bool + Send + Sync>;

/// What a program may use of the network. By default that is nothing, as in Wasmtime.
pub(crate) struct Network {
    pub(crate) tcp: bool,
    pub(crate) udp: bool,
    pub(crate) ip_name_lookup: bool,
    pub(crate) check: Check,
}

impl Default for Network {
    fn default() -> Self {
        Network {
            tcp: false,
            udp: false,
            ip_name_lookup: false,
            check: Arc::new(|_, _| false),
        }
    }
}
