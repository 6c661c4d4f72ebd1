//! Converts addresses between the interface's types and the system's, and decides which of them a socket can use.

use super::error::ErrorCode;
use crate::base::network::{Network, SocketAddrUse};
use rustix::net::{AddressFamily, SocketAddrAny};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use weft_parallel::{ComponentType, Lift, Lower};

/// The enum `ip-address-family`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(enum)]
#[repr(u8)]
pub(crate) enum Family {
    Ipv4,
    Ipv6,
}

type Ipv4 = (u8, u8, u8, u8);
type Ipv6 = (u16, u16, u16, u16, u16, u16, u16, u16);

/// The variant `ip-address`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lower)]
#[component(variant)]
pub(crate) enum IpAddress {
    Ipv4(Ipv4),
    Ipv6(Ipv6),
}

/// The record `ipv4-socket-address`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
pub(crate) struct Ipv4SocketAddress {
    port: u16,
    address: Ipv4,
}

/// The record `ipv6-socket-address`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
pub(crate) struct Ipv6SocketAddress {
    port: u16,
    flow_info: u32,
    address: Ipv6,
    scope_id: u32,
}

/// The variant `ip-socket-address`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(variant)]
pub(crate) enum IpSocketAddress {
    Ipv4(Ipv4SocketAddress),
    Ipv6(Ipv6SocketAddress),
}

fn octets(address: Ipv4Addr) -> Ipv4 {
    let [a, b, c, d] = address.octets();
    (a, b, c, d)
}

fn segments(address: Ipv6Addr) -> Ipv6 {
    let [a, b, c, d, e, f, g, h] = address.segments();
    (a, b, c, d, e, f, g, h)
}

impl From<IpAddr> for IpAddress {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => IpAddress::Ipv4(octets(address)),
            IpAddr::V6(address) => IpAddress::Ipv6(segments(address)),
        }
    }
}

impl From<SocketAddr> for IpSocketAddress {
    fn from(address: SocketAddr) -> Self {
        match address {
            SocketAddr::V4(address) => IpSocketAddress::Ipv4(Ipv4SocketAddress {
                port: address.port(),
                address: octets(*address.ip()),
            }),
            SocketAddr::V6(address) => IpSocketAddress::Ipv6(Ipv6SocketAddress {
                port: address.port(),
                flow_info: address.flowinfo(),
                address: segments(*address.ip()),
                scope_id: address.scope_id(),
            }),
        }
    }
}

impl From<IpSocketAddress> for SocketAddr {
    fn from(address: IpSocketAddress) -> Self {
        match address {
            IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address }) => {
                let (a, b, c, d) = address;
                SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), port))
            }
            IpSocketAddress::Ipv6(address) => {
                let (a, b, c, d, e, f, g, h) = address.address;
                let ip = Ipv6Addr::new(a, b, c, d, e, f, g, h);
                SocketAddr::V6(SocketAddrV6::new(ip, address.port, address.flow_info, address.scope_id))
            }
        }
    }
}

impl Family {
    pub(crate) fn of_host(self) -> AddressFamily {
        match self {
            Family::Ipv4 => AddressFamily::INET,
            Family::Ipv6 => AddressFamily::INET6,
        }
    }

    /// The unspecified address, with a port that the system chooses.
    pub(crate) fn any(self) -> SocketAddr {
        match self {
            Family::Ipv4 => (Ipv4Addr::UNSPECIFIED, 0).into(),
            Family::Ipv6 => (Ipv6Addr::UNSPECIFIED, 0).into(),
        }
    }

    /// Whether a socket of this family can use the address. IPv6 sockets accept IPv6 addresses only, so they refuse IPv4-mapped
    /// addresses. No socket accepts IPv4-compatible addresses, which are deprecated.
    pub(crate) fn fits(self, address: IpAddr) -> bool {
        match (self, address) {
            (Family::Ipv4, IpAddr::V4(_)) => true,
            (Family::Ipv6, IpAddr::V6(address)) => {
                let deprecated = matches!(address.segments(), [0, 0, 0, 0, 0, 0, _, _])
                    && !address.is_unspecified()
                    && !address.is_loopback();
                !deprecated && address.to_ipv4_mapped().is_none()
            }
            (Family::Ipv4, IpAddr::V6(_)) | (Family::Ipv6, IpAddr::V4(_)) => false,
        }
    }
}

/// Whether an address names one machine and a port.
pub(crate) fn is_remote(address: SocketAddr) -> bool {
    !address.ip().to_canonical().is_unspecified() && address.port() != 0
}

pub(crate) fn is_unicast(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !address.is_multicast() && !address.is_broadcast(),
        IpAddr::V6(address) => !address.is_multicast(),
    }
}

impl Network {
    /// # Errors
    ///
    /// `access-denied` if the program may not use the address for this.
    pub(crate) fn check(&self, address: SocketAddr, used: SocketAddrUse) -> Result<(), ErrorCode> {
        match (self.check)(address, used) {
            true => Ok(()),
            false => Err(ErrorCode::AccessDenied),
        }
    }
}

/// The address of an internet socket.
pub(crate) fn internet(address: SocketAddrAny) -> Result<SocketAddr, ErrorCode> {
    SocketAddr::try_from(address).map_err(|_| ErrorCode::Unknown)
}
