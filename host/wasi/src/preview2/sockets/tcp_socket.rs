//! A TCP socket and its states.
//!
//! **Problem.** A socket has states. Each operation starts in one state and ends in another, and other threads may
//! start operations meanwhile. **Here,** a lock guards the state, and is held during system calls, which do not block.
//! The open file is the same in all states, so a wait for it needs no lock.

use super::address::{Family, internet, is_remote, is_unicast};
use super::error::ErrorCode;
use crate::base::descriptor::Descriptor;
use crate::base::network::SocketAddrUse;
use crate::base::poll::{Wait, Waitable};
use crate::base::rights::GivenUp;
use crate::base::stream::Stream;
use crate::base::table::{Alive, Open};
use crate::base::watched::{Direction, Watched};
use crate::preview2::call::Call;
use crate::preview2::io::{InputStream, OutputStream};
use rustix::io::{Errno as Os, retry_on_intr};
use rustix::net::{
    SocketFlags, SocketType, accept_with, bind, connect, getpeername, getsockname, listen, socket_with, sockopt,
};
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use weft_parallel::{ComponentType, Lift};

/// How many connections can wait to be accepted, unless the program sets another number.
const BACKLOG: i32 = 128;

/// The resource `tcp-socket`.
pub(crate) struct TcpSocket {
    socket: Arc<Watched>,
    family: Family,
    alive: Arc<Alive>,
    state: Mutex<State>,
}

struct State {
    phase: Phase,
    /// The operation that has started and not finished.
    in_progress: Option<Operation>,
    backlog: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Bind,
    Connect,
    Listen,
}

enum Phase {
    /// It is new, or bound.
    Fresh,
    Listening,
    /// It is connecting, with the result if that was known at once.
    Connecting(Option<Result<(), ErrorCode>>),
    Connected {
        input: Arc<InputStream>,
        output: Arc<OutputStream>,
    },
    /// It could not connect.
    Closed(ErrorCode),
}

/// The enum `shutdown-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift)]
#[component(enum)]
#[repr(u8)]
pub(crate) enum ShutdownType {
    Receive,
    Send,
    Both,
}

/// The streams of a connection.
type Streams = (Arc<InputStream>, Arc<OutputStream>);

impl TcpSocket {
    fn new(socket: OwnedFd, family: Family, alive: Alive) -> Self {
        TcpSocket {
            socket: Arc::new(Watched::new(socket)),
            family,
            alive: Arc::new(alive),
            state: Mutex::new(State {
                phase: Phase::Fresh,
                in_progress: None,
                backlog: BACKLOG,
            }),
        }
    }

    pub(crate) fn create(call: Call<'_>, family: Family) -> Result<Self, ErrorCode> {
        if !call.ctx.network.tcp {
            return Err(ErrorCode::AccessDenied);
        }
        let alive = call.ctx.table.count_one_more()?;
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(family.of_host(), SocketType::STREAM, flags, None)?;
        if family == Family::Ipv6 {
            sockopt::set_ipv6_v6only(&socket, true)?;
        }
        Ok(TcpSocket::new(socket, family, alive))
    }

    pub(crate) fn family(&self) -> Family {
        self.family
    }

    pub(crate) fn is_listening(&self) -> bool {
        matches!(self.state().phase, Phase::Listening)
    }

    /// No code under this lock panics.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An error makes the socket ready too.
    fn is_ready_for(&self, direction: Direction) -> bool {
        self.socket.probe(direction).map_or(true, |found| !found.is_empty())
    }

    fn is_bound(&self, state: &State) -> bool {
        match state.phase {
            Phase::Fresh => self.local().is_ok_and(|address| address != self.family.any()),
            Phase::Listening | Phase::Connecting(_) | Phase::Connected { .. } | Phase::Closed(_) => true,
        }
    }

    fn local(&self) -> Result<SocketAddr, ErrorCode> {
        internet(getsockname(&self.socket)?)
    }

    pub(crate) fn bind(&self, call: Call<'_>, address: SocketAddr) -> Result<(), ErrorCode> {
        let mut state = self.state();
        if state.in_progress.is_some() {
            return Err(ErrorCode::ConcurrencyConflict);
        }
        if self.is_bound(&state) {
            return Err(ErrorCode::InvalidState);
        }
        if !is_unicast(address.ip()) || !self.family.fits(address.ip()) {
            return Err(ErrorCode::InvalidArgument);
        }
        call.ctx.network.check(address, SocketAddrUse::TcpBind)?;
        // If a program starts again, it can use the port of its last run at once.
        sockopt::set_socket_reuseaddr(&self.socket, true)?;
        match bind(&self.socket, &address) {
            Err(Os::AFNOSUPPORT) => return Err(ErrorCode::InvalidArgument),
            outcome => outcome?,
        }
        state.in_progress = Some(Operation::Bind);
        Ok(())
    }

    pub(crate) fn connect(&self, call: Call<'_>, address: SocketAddr) -> Result<(), ErrorCode> {
        let mut state = self.state();
        if state.in_progress.is_some() {
            return Err(ErrorCode::ConcurrencyConflict);
        }
        if !matches!(state.phase, Phase::Fresh) {
            return Err(ErrorCode::InvalidState);
        }
        if !is_unicast(address.ip()) || !is_remote(address) || !self.family.fits(address.ip()) {
            return Err(ErrorCode::InvalidArgument);
        }
        // Finishing it reports the result.
        let network = &call.ctx.network;
        let permitted = match self.is_bound(&state) {
            true => Ok(()),
            false => network.check(self.family.any(), SocketAddrUse::TcpBind),
        };
        let permitted = permitted.and_then(|()| network.check(address, SocketAddrUse::TcpConnect));
        let outcome = match permitted.map(|()| connect(&self.socket, &address)) {
            Ok(Err(Os::INPROGRESS | Os::INTR)) => None,
            Ok(outcome) => Some(outcome.map_err(ErrorCode::from)),
            Err(error) => Some(Err(error)),
        };
        state.phase = Phase::Connecting(outcome);
        state.in_progress = Some(Operation::Connect);
        Ok(())
    }

    /// The streams of the connection, if there is one.
    pub(crate) fn finish_connect(&self) -> Result<Streams, ErrorCode> {
        let mut state = self.state();
        if state.in_progress != Some(Operation::Connect) {
            return Err(ErrorCode::NotInProgress);
        }
        let outcome = match state.phase {
            Phase::Connecting(Some(outcome)) => outcome,
            Phase::Connecting(None) if !self.is_ready_for(Direction::Write) => return Err(ErrorCode::WouldBlock),
            Phase::Connecting(None) => match sockopt::socket_error(&self.socket) {
                Ok(outcome) => outcome.map_err(ErrorCode::from),
                Err(error) => Err(error.into()),
            },
            Phase::Fresh | Phase::Listening | Phase::Connected { .. } | Phase::Closed(_) => {
                return Err(ErrorCode::NotInProgress);
            }
        };
        state.in_progress = None;
        let streams = outcome.and_then(|()| self.streams());
        match &streams {
            Ok((input, output)) => {
                state.phase = Phase::Connected {
                    input: Arc::clone(input),
                    output: Arc::clone(output),
                }
            }
            Err(error) => state.phase = Phase::Closed(*error),
        }
        streams
    }

    fn streams(&self) -> Result<Streams, ErrorCode> {
        let stream = Stream::of_socket(Arc::clone(&self.socket))?;
        let open = Open::unnumbered(Descriptor::Stream(stream), GivenUp::nothing(), Arc::clone(&self.alive));
        let open = Arc::new(open);
        Ok((
            Arc::new(InputStream::of(Arc::clone(&open))),
            Arc::new(OutputStream::of_connection(open)),
        ))
    }

    pub(crate) fn listen(&self, call: Call<'_>) -> Result<(), ErrorCode> {
        let mut state = self.state();
        if state.in_progress.is_some() {
            return Err(ErrorCode::ConcurrencyConflict);
        }
        if !matches!(state.phase, Phase::Fresh) || !self.is_bound(&state) {
            return Err(ErrorCode::InvalidState);
        }
        call.ctx.network.check(self.local()?, SocketAddrUse::TcpListen)?;
        listen(&self.socket, state.backlog)?;
        state.phase = Phase::Listening;
        state.in_progress = Some(Operation::Listen);
        Ok(())
    }

    /// The next connection that the program is allowed to accept.
    pub(crate) fn accept(&self, call: Call<'_>) -> Result<(TcpSocket, Arc<InputStream>, Arc<OutputStream>), ErrorCode> {
        if !matches!(self.state().phase, Phase::Listening) {
            return Err(ErrorCode::InvalidState);
        }
        loop {
            let alive = call.ctx.table.count_one_more()?;
            let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
            let connection = match retry_on_intr(|| accept_with(&self.socket, flags)) {
                Ok(connection) => connection,
                // Linux reports here why a pending connection has already failed.
                Err(
                    Os::CONNRESET
                    | Os::NETRESET
                    | Os::HOSTUNREACH
                    | Os::HOSTDOWN
                    | Os::NETDOWN
                    | Os::NETUNREACH
                    | Os::PROTO
                    | Os::NOPROTOOPT
                    | Os::NONET
                    | Os::OPNOTSUPP,
                ) => return Err(ErrorCode::ConnectionAborted),
                Err(error) => return Err(error.into()),
            };
            let permitted = getpeername(&connection)
                .map_err(ErrorCode::from)
                .and_then(|peer| match peer {
                    Some(peer) => call.ctx.network.check(internet(peer)?, SocketAddrUse::TcpAccept),
                    None => Err(ErrorCode::ConnectionAborted),
                });
            match permitted {
                Ok(()) => {
                    let accepted = TcpSocket::new(connection, self.family, alive);
                    let (input, output) = accepted.streams()?;
                    accepted.state().phase = Phase::Connected {
                        input: Arc::clone(&input),
                        output: Arc::clone(&output),
                    };
                    return Ok((accepted, input, output));
                }
                // Reset the connection, so that the peer notices.
                Err(_) => drop(sockopt::set_socket_linger(&connection, Some(Duration::ZERO))),
            }
        }
    }

    /// The open file, unless the socket is connecting or could not connect.
    pub(crate) fn usable(&self) -> Result<BorrowedFd<'_>, ErrorCode> {
        match self.state().phase {
            Phase::Fresh | Phase::Listening | Phase::Connected { .. } => Ok(self.socket.as_fd()),
            Phase::Connecting(_) => Err(ErrorCode::InvalidState),
            Phase::Closed(error) => Err(error),
        }
    }

    pub(crate) fn set_backlog(&self, value: u64) -> Result<(), ErrorCode> {
        if value == 0 {
            return Err(ErrorCode::InvalidArgument);
        }
        let value = i32::try_from(value).unwrap_or(i32::MAX);
        let mut state = self.state();
        match state.phase {
            Phase::Fresh => {}
            Phase::Listening => listen(&self.socket, value).map_err(|_| ErrorCode::NotSupported)?,
            Phase::Connecting(_) | Phase::Connected { .. } => return Err(ErrorCode::InvalidState),
            Phase::Closed(error) => return Err(error),
        }
        state.backlog = value;
        Ok(())
    }

    pub(crate) fn local_address(&self) -> Result<SocketAddr, ErrorCode> {
        let state = self.state();
        match state.phase {
            Phase::Closed(error) => Err(error),
            Phase::Connecting(_) => Err(ErrorCode::InvalidState),
            Phase::Fresh if !self.is_bound(&state) => Err(ErrorCode::InvalidState),
            Phase::Fresh | Phase::Listening | Phase::Connected { .. } => self.local(),
        }
    }

    pub(crate) fn remote_address(&self) -> Result<SocketAddr, ErrorCode> {
        match self.state().phase {
            Phase::Connected { .. } => internet(getpeername(&self.socket)?.ok_or(ErrorCode::InvalidState)?),
            Phase::Closed(error) => Err(error),
            Phase::Fresh | Phase::Listening | Phase::Connecting(_) => Err(ErrorCode::InvalidState),
        }
    }

    pub(crate) fn shut_down(&self, how: ShutdownType) -> Result<(), ErrorCode> {
        let state = self.state();
        let Phase::Connected { input, output } = &state.phase else {
            return Err(ErrorCode::InvalidState);
        };
        if matches!(how, ShutdownType::Receive | ShutdownType::Both) {
            input.shut_down();
        }
        if matches!(how, ShutdownType::Send | ShutdownType::Both) {
            output.shut_down();
        }
        Ok(())
    }

    /// Finishes an operation that was already complete when it started.
    pub(crate) fn finish(&self, operation: Operation) -> Result<(), ErrorCode> {
        let mut state = self.state();
        match state.in_progress == Some(operation) {
            true => {
                state.in_progress = None;
                Ok(())
            }
            false => Err(ErrorCode::NotInProgress),
        }
    }
}

impl Waitable for TcpSocket {
    /// Whether it is ready: the operation that has started can be finished, or there is a connection to accept.
    fn is_ready(&self) -> bool {
        let state = self.state();
        match (&state.phase, state.in_progress) {
            (Phase::Connecting(None), _) => self.is_ready_for(Direction::Write),
            (Phase::Listening, None) => self.is_ready_for(Direction::Read),
            (Phase::Listening, Some(_)) | (Phase::Connecting(Some(_)), _) => true,
            (Phase::Fresh | Phase::Connected { .. } | Phase::Closed(_), _) => true,
        }
    }

    fn wait(&self) -> Option<Wait<'_>> {
        match self.state().phase {
            Phase::Connecting(_) => Some(Wait::File(&self.socket, Direction::Write)),
            Phase::Listening => Some(Wait::File(&self.socket, Direction::Read)),
            Phase::Fresh | Phase::Connected { .. } | Phase::Closed(_) => None,
        }
    }
}
