//! The sending half of a connection.
//!
//! **Problem.** A connection takes bytes only as fast as its peer reads them. A program with one thread writes, and
//! meanwhile polls for input. If a write waited while the peer waited for the program to read, both would wait
//! forever. **Here,** if the connection does not take all bytes at once, a task in the
//! [background](crate::base::background) sends the rest, as in Wasmtime. Until it is done, the stream permits no other
//! write.

use super::error::Failure;
use super::input::MOST;
use crate::base::errno::Errno;
use crate::base::poll::Wait;
use crate::base::table::Open;
use crate::base::watched::Direction;
use crate::preview2::call::Call;
use event_listener::Event;
use rustix::net::Shutdown;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The sending half of a connection: see the module.
pub(crate) struct Outgoing(Arc<Half>);

struct Half {
    connection: Arc<Open>,
    state: Mutex<State>,
    /// Notified when all bytes have been sent.
    sent: Event,
}

#[derive(Default)]
struct State {
    /// Whether a task is sending bytes.
    busy: bool,
    /// Whether the connection closes for sending when the task is done.
    shut_down: bool,
    /// Why nothing more can be sent.
    end: Option<End>,
}

#[derive(Clone, Copy)]
enum End {
    Closed,
    Failed(Errno),
}

impl From<End> for Failure {
    fn from(end: End) -> Self {
        match end {
            End::Closed => Failure::Closed,
            End::Failed(error) => Failure::Failed(error),
        }
    }
}

impl Outgoing {
    pub(crate) fn new(connection: Arc<Open>) -> Self {
        Outgoing(Arc::new(Half {
            connection,
            state: Mutex::default(),
            sent: Event::new(),
        }))
    }

    /// How many bytes may be written: none while others are being sent.
    pub(crate) fn permitted(&self) -> Result<u64, Failure> {
        let state = self.0.state();
        match state.end {
            Some(end) => Err(end.into()),
            None if state.busy || matches!(self.0.connection.ready(Direction::Write), Ok(None)) => Ok(0),
            None => Ok(MOST as u64),
        }
    }

    /// Sends bytes, in the background if the connection does not accept them at once. Waits only for bytes that another thread
    /// wrote before.
    pub(crate) async fn write(&self, call: Call<'_>, bytes: &[u8]) -> Result<(), Failure> {
        let charge = call.charge(bytes.len())?;
        self.begin().await?;
        let (half, bytes) = (Arc::clone(&self.0), bytes.to_vec());
        call.ctx.background.spawn(async move {
            let outcome = half.send(&bytes).await;
            drop(charge);
            half.finish(outcome);
        });
        // If the write fails at once, report it at once.
        let state = self.0.state();
        match state.end {
            Some(End::Failed(error)) => Err(error.into()),
            Some(End::Closed) if !state.shut_down => Err(Failure::Closed),
            Some(End::Closed) | None => Ok(()),
        }
    }

    /// Sends bytes, and waits until the connection has accepted them.
    pub(crate) async fn write_and_flush(&self, call: Call<'_>, bytes: &[u8]) -> Result<(), Failure> {
        self.write(call, bytes).await?;
        self.flush().await
    }

    /// Waits until the connection has accepted all written bytes.
    pub(crate) async fn flush(&self) -> Result<(), Failure> {
        loop {
            let sent = self.0.sent.listen();
            {
                let state = self.0.state();
                match (state.busy, state.end) {
                    (true, _) => {}
                    (false, Some(End::Failed(error))) => return Err(error.into()),
                    (false, Some(End::Closed)) => return Err(Failure::Closed),
                    (false, None) => return Ok(()),
                }
            }
            sent.await;
        }
    }

    /// Returns an error if the connection has failed or is closed.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self.0.state().end {
            Some(end) => Err(end.into()),
            None => Ok(()),
        }
    }

    /// Sends nothing more after the bytes that are being sent.
    pub(crate) fn shut_down(&self) {
        let mut state = self.0.state();
        state.shut_down = true;
        if !state.busy && state.end.is_none() {
            self.0.end(&mut state);
        }
        drop(state);
        self.0.sent.notify(usize::MAX);
    }

    /// What to wait for until bytes may be written.
    pub(crate) fn wait(&self) -> Option<Wait<'_>> {
        let listener = self.0.sent.listen();
        match self.0.state().busy {
            true => Some(Wait::Signal(listener)),
            false => Some(Wait::File(self.0.connection.watched()?, Direction::Write)),
        }
    }

    /// Waits until no other thread sends, and becomes the sender.
    async fn begin(&self) -> Result<(), Failure> {
        loop {
            let sent = self.0.sent.listen();
            {
                let mut state = self.0.state();
                if let Some(end) = state.end {
                    return Err(end.into());
                }
                if !state.busy {
                    state.busy = true;
                    return Ok(());
                }
            }
            sent.await;
        }
    }
}

impl Half {
    async fn send(&self, bytes: &[u8]) -> Result<(), Errno> {
        let connection = self.connection.connection()?;
        let mut rest = bytes;
        while !rest.is_empty() {
            let count = connection.write(&rest).await?;
            rest = rest.get(count as usize..).unwrap_or_default();
        }
        Ok(())
    }

    fn finish(&self, outcome: Result<(), Errno>) {
        let mut state = self.state();
        state.busy = false;
        match outcome {
            Ok(()) if state.shut_down => self.end(&mut state),
            Ok(()) => {}
            Err(Errno::Pipe) => state.end = Some(End::Closed),
            Err(error) => state.end = Some(End::Failed(error)),
        }
        drop(state);
        self.sent.notify(usize::MAX);
    }

    fn end(&self, state: &mut State) {
        state.end = Some(End::Closed);
        // If the peer has already closed the connection, there is nothing to close.
        let _ = self
            .connection
            .connection()
            .map(|connection| connection.shut_down(Shutdown::Write));
    }

    /// No code under this lock panics.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
