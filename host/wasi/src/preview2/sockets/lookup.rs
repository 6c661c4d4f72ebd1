//! `wasi:sockets/ip-name-lookup`.

use super::address::IpAddress;
use super::error::{Answer, ErrorCode};
use super::network::Network;
use crate::base::poll::{Wait, Waitable};
use crate::preview2::call::Call;
use crate::preview2::io::Pollable;
use event_listener::Event;
use std::net::{IpAddr, Ipv6Addr, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::vec;
use url::Host;
use weft_parallel::Resource;

/// The resource `resolve-address-stream`.
pub(crate) struct Addresses(Arc<Lookup>);

/// The addresses that the program has not read yet, if the system has answered.
type Found = Option<Result<vec::IntoIter<IpAddr>, ErrorCode>>;

/// A lookup of a name.
#[derive(Default)]
struct Lookup {
    found: Mutex<Found>,
    done: Event,
}

impl Lookup {
    /// No code under this lock panics.
    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waitable for Addresses {
    fn is_ready(&self) -> bool {
        self.0.found().is_some()
    }

    fn wait(&self) -> Option<Wait<'_>> {
        Some(Wait::Signal(self.0.done.listen()))
    }
}

pub(crate) fn resolve_addresses(call: Call<'_>, _: Resource<Network>, name: String) -> Answer<Resource<Addresses>> {
    if !call.ctx.network.ip_name_lookup {
        return Ok(Err(ErrorCode::PermanentResolverFailure));
    }
    let lookup = Arc::new(Lookup::default());
    let known = match Host::parse(&name) {
        Ok(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Ok(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        Ok(Host::Domain(domain)) => {
            look_up(call, domain, Arc::clone(&lookup));
            None
        }
        // The parser requires brackets around IPv6 addresses.
        Err(_) => match name.parse::<Ipv6Addr>() {
            Ok(address) => Some(IpAddr::V6(address)),
            Err(_) => return Ok(Err(ErrorCode::InvalidArgument)),
        },
    };
    if let Some(address) = known {
        *lookup.found() = Some(Ok(vec![address].into_iter()));
    }
    call.push(Addresses(lookup)).map(Ok)
}

/// Asks the system, which blocks, on an OS thread. A program can use a limited number of those at once.
fn look_up(call: Call<'_>, domain: String, lookup: Arc<Lookup>) {
    let disk = call.ctx.disk.clone();
    call.ctx.background.spawn(async move {
        let permit = disk.acquire().await;
        let found = weft_parallel::unblock(move || {
            let found = (domain.as_str(), 0).to_socket_addrs();
            drop(permit);
            found.map(|found| found.map(|address| address.ip().to_canonical()).collect::<Vec<_>>())
        });
        let found = found.await.map_err(|_| ErrorCode::NameUnresolvable);
        *lookup.found() = Some(found.map(Vec::into_iter));
        lookup.done.notify(usize::MAX);
    });
}

pub(crate) fn resolve_next_address(call: Call<'_>, stream: Resource<Addresses>) -> Answer<Option<IpAddress>> {
    let stream = call.get(&stream)?;
    Ok(match &mut *stream.0.found() {
        None => Err(ErrorCode::WouldBlock),
        Some(Ok(addresses)) => Ok(addresses.next().map(IpAddress::from)),
        Some(Err(error)) => Err(*error),
    })
}

pub(crate) fn subscribe(call: Call<'_>, stream: Resource<Addresses>) -> wasmtime::Result<Resource<Pollable>> {
    call.push(Pollable::Waits(call.get(&stream)?))
}
