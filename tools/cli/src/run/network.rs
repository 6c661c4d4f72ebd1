//! What a program may use of the network, on either runtime.
//!
//! A program that may connect somewhere may also bind the connection's own side to whatever address the system picks, and one that
//! may listen at an address may accept connections from everywhere.

use clap::Args;
use std::net::{IpAddr, SocketAddr};
use weft_wasi::{SocketAddrUse, WasiCtxBuilder};

#[derive(Args)]
pub(super) struct NetworkArgs {
    /// Let the program use TCP and UDP at all addresses (WASI 0.2 and 0.3)
    #[arg(long)]
    inherit_network: bool,

    /// Let the program use TCP and UDP at these addresses, local and remote; without a port, at all ports; may be repeated (WASI 0.2 and 0.3)
    #[arg(long = "allow-address", value_name = "IP[/BITS][:PORT]", value_parser = Addresses::parse)]
    allowed: Vec<Addresses>,

    /// Let the program look up the addresses of names (WASI 0.2 and 0.3)
    #[arg(long)]
    allow_ip_name_lookup: bool,
}

/// Addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Addresses {
    ip: IpAddr,
    bits: u32,
    port: Option<u16>,
}

impl NetworkArgs {
    pub(super) fn apply(&self, wasi: &mut WasiCtxBuilder) {
        let (all, allowed) = (self.inherit_network, self.allowed.clone());
        wasi.allow_tcp(self.is_some())
            .allow_udp(self.is_some())
            .allow_ip_name_lookup(self.allow_ip_name_lookup)
            .socket_addr_check(move |address, used| all || is_allowed(&allowed, address, used));
    }

    fn is_some(&self) -> bool {
        self.inherit_network || !self.allowed.is_empty()
    }
}

fn is_allowed(allowed: &[Addresses], address: SocketAddr, used: SocketAddrUse) -> bool {
    let is_left_to_the_system = address.ip().is_unspecified() && address.port() == 0;
    match used {
        SocketAddrUse::TcpAccept => true,
        SocketAddrUse::TcpBind | SocketAddrUse::UdpBind if is_left_to_the_system => true,
        SocketAddrUse::TcpBind
        | SocketAddrUse::UdpBind
        | SocketAddrUse::TcpListen
        | SocketAddrUse::TcpConnect
        | SocketAddrUse::UdpSend
        | SocketAddrUse::UdpReceive => allowed.iter().any(|addresses| addresses.contain(address)),
    }
}

impl Addresses {
    fn parse(text: &str) -> Result<Self, String> {
        let usage = "expected an IP address, as in `127.0.0.1:8080`, `10.0.0.0/8` or `[::1]:80`";
        let (ip, rest) = match text.strip_prefix('[') {
            Some(text) => text.split_once(']').ok_or(usage)?,
            // Only an address of IPv6 has several colons, and without brackets it has no port.
            None if text.matches(':').count() > 1 => text.split_at(text.find('/').unwrap_or(text.len())),
            None => text.split_at(text.find(['/', ':']).unwrap_or(text.len())),
        };
        let ip: IpAddr = ip.parse().map_err(|_| usage)?;
        let (bits, port) = rest.split_at(rest.find(':').unwrap_or(rest.len()));
        let most = if ip.is_ipv4() { 32 } else { 128 };
        let bits = match (bits, bits.strip_prefix('/')) {
            ("", _) => most,
            (_, Some(bits)) => {
                let bits = bits.parse().ok().filter(|bits| *bits <= most);
                bits.ok_or_else(|| format!("an address of this kind has {most} bits: use /0 to /{most}"))?
            }
            (_, None) => return Err(usage.to_owned()),
        };
        let port = match port.strip_prefix(':') {
            Some(port) => Some(port.parse().map_err(|_| "a port is a number from 0 to 65535")?),
            None => None,
        };
        Ok(Addresses { ip, bits, port })
    }

    fn contain(&self, address: SocketAddr) -> bool {
        let same_bits = match (self.ip, address.ip()) {
            (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits,
            (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits,
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        };
        same_bits && self.port.is_none_or(|port| port == address.port())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_bits_and_ports() {
        for (text, inside, outside) in [
            ("127.0.0.1:80", "127.0.0.1:80", "127.0.0.1:81"),
            ("127.0.0.1", "127.0.0.1:5", "127.0.0.2:5"),
            ("10.0.0.0/8", "10.255.1.2:3", "11.0.0.0:3"),
            ("10.0.0.0/8:443", "10.1.1.1:443", "10.1.1.1:80"),
            ("0.0.0.0/0", "8.8.8.8:53", "[::1]:53"),
            ("[::1]:80", "[::1]:80", "[::1]:81"),
            ("fe80::/10", "[fe80::1]:1", "[fec0::1]:1"),
            ("[fe80::]/10:7", "[febf::1]:7", "[fe80::1]:8"),
            ("::1", "[::1]:1", "[::2]:1"),
        ] {
            let addresses = Addresses::parse(text).expect(text);
            assert!(addresses.contain(inside.parse().expect(inside)), "{text}: {inside}");
            assert!(!addresses.contain(outside.parse().expect(outside)), "{text}: {outside}");
        }
        for wrong in [
            "",
            "localhost",
            "10.0.0.0/33",
            "::/129",
            "1.2.3.4:",
            "1.2.3.4:70000",
            "[::1",
            "1.2.3.4x",
            "[::1]x",
        ] {
            assert!(Addresses::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn errors_name_the_part_that_is_wrong() {
        let error = |text| Addresses::parse(text).expect_err(text);
        assert!(error("10.0.0.0/33").contains("use /0 to /32"));
        assert!(error("::/129").contains("use /0 to /128"));
        assert!(error("1.2.3.4:70000").contains("0 to 65535"));
        assert!(error("localhost").contains("expected an IP address"));
    }

    #[test]
    fn what_the_system_picks_and_who_connects_need_no_entry() {
        let allowed = [Addresses::parse("127.0.0.1:80").expect("valid")];
        let check = |address: &str, used| is_allowed(&allowed, address.parse().expect("valid"), used);
        assert!(check("0.0.0.0:0", SocketAddrUse::TcpBind));
        assert!(check("[::]:0", SocketAddrUse::TcpBind));
        assert!(!check("0.0.0.0:80", SocketAddrUse::TcpBind));
        assert!(!check("0.0.0.0:0", SocketAddrUse::TcpConnect));
        assert!(check("8.8.8.8:9", SocketAddrUse::TcpAccept));
        assert!(check("127.0.0.1:80", SocketAddrUse::TcpConnect));
        assert!(!check("127.0.0.1:81", SocketAddrUse::TcpConnect));
    }
}
