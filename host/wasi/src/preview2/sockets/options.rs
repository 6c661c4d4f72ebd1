//! Options of sockets, within the bounds of the interface. The bounds are those of Wasmtime.

use super::address::Family;
use super::error::ErrorCode;
use rustix::io::Errno as Os;
use rustix::net::sockopt;
use std::os::fd::BorrowedFd;
use std::time::Duration;

type Result<R> = std::result::Result<R, ErrorCode>;

/// The longest time in seconds and the largest count that Linux accepts.
const MAX_SECONDS: u64 = i16::MAX as u64;
const MAX_COUNT: u32 = i8::MAX as u32;

/// Refuses zero, which the interface allows for no option.
fn positive<N: Default + PartialEq>(value: N) -> Result<N> {
    match value == N::default() {
        true => Err(ErrorCode::InvalidArgument),
        false => Ok(value),
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn time(nanoseconds: u64) -> Result<Duration> {
    let time = Duration::from_nanos(positive(nanoseconds)?);
    Ok(time.clamp(Duration::from_secs(1), Duration::from_secs(MAX_SECONDS)))
}

pub(crate) fn keep_alive_enabled(fd: BorrowedFd<'_>) -> Result<bool> {
    Ok(sockopt::socket_keepalive(fd)?)
}

pub(crate) fn set_keep_alive_enabled(fd: BorrowedFd<'_>, value: bool) -> Result<()> {
    Ok(sockopt::set_socket_keepalive(fd, value)?)
}

pub(crate) fn keep_alive_idle_time(fd: BorrowedFd<'_>) -> Result<u64> {
    Ok(nanoseconds(sockopt::tcp_keepidle(fd)?))
}

pub(crate) fn set_keep_alive_idle_time(fd: BorrowedFd<'_>, value: u64) -> Result<()> {
    Ok(sockopt::set_tcp_keepidle(fd, time(value)?)?)
}

pub(crate) fn keep_alive_interval(fd: BorrowedFd<'_>) -> Result<u64> {
    Ok(nanoseconds(sockopt::tcp_keepintvl(fd)?))
}

pub(crate) fn set_keep_alive_interval(fd: BorrowedFd<'_>, value: u64) -> Result<()> {
    Ok(sockopt::set_tcp_keepintvl(fd, time(value)?)?)
}

pub(crate) fn keep_alive_count(fd: BorrowedFd<'_>) -> Result<u32> {
    Ok(sockopt::tcp_keepcnt(fd)?)
}

pub(crate) fn set_keep_alive_count(fd: BorrowedFd<'_>, value: u32) -> Result<()> {
    Ok(sockopt::set_tcp_keepcnt(fd, positive(value)?.min(MAX_COUNT))?)
}

pub(crate) fn hop_limit(fd: BorrowedFd<'_>, family: Family) -> Result<u8> {
    match family {
        Family::Ipv4 => u8::try_from(sockopt::ip_ttl(fd)?).map_err(|_| ErrorCode::NotSupported),
        Family::Ipv6 => Ok(sockopt::ipv6_unicast_hops(fd)?),
    }
}

pub(crate) fn set_hop_limit(fd: BorrowedFd<'_>, family: Family, value: u8) -> Result<()> {
    let value = positive(value)?;
    match family {
        Family::Ipv4 => Ok(sockopt::set_ip_ttl(fd, value.into())?),
        Family::Ipv6 => Ok(sockopt::set_ipv6_unicast_hops(fd, Some(value))?),
    }
}

/// Linux reports twice the requested size.
pub(crate) fn receive_buffer_size(fd: BorrowedFd<'_>) -> Result<u64> {
    Ok(sockopt::socket_recv_buffer_size(fd)? as u64 / 2)
}

pub(crate) fn set_receive_buffer_size(fd: BorrowedFd<'_>, value: u64) -> Result<()> {
    hint(sockopt::set_socket_recv_buffer_size(fd, size(value)?))
}

pub(crate) fn send_buffer_size(fd: BorrowedFd<'_>) -> Result<u64> {
    Ok(sockopt::socket_send_buffer_size(fd)? as u64 / 2)
}

pub(crate) fn set_send_buffer_size(fd: BorrowedFd<'_>, value: u64) -> Result<()> {
    hint(sockopt::set_socket_send_buffer_size(fd, size(value)?))
}

fn size(value: u64) -> Result<usize> {
    let most = i32::MAX as usize;
    Ok(usize::try_from(positive(value)?).map_or(most, |value| value.min(most)))
}

/// If the system does not allow a size, that is not an error.
fn hint(outcome: rustix::io::Result<()>) -> Result<()> {
    match outcome {
        Err(Os::NOBUFS) => Ok(()),
        outcome => Ok(outcome?),
    }
}
