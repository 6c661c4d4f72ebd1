//! Pipes in memory as Wasmtime's standard streams.
//!
//! These pipes are always ready, so a program's output is in the pipe as soon as its call returns. Wasmtime's own
//! adapters write it in a separate task, which may run after the program has ended.

use crate::base::bytes::Collected;
use crate::base::errno::Errno;
use crate::base::pipe::{MemoryInputPipe, MemoryOutputPipe};
use bytes::Bytes;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdinStream, StdoutStream};
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};

/// How many bytes a program may write at once.
const ROOM: usize = 1 << 16;

/// A standard input.
#[derive(Clone)]
pub(super) struct Input(pub(super) MemoryInputPipe);

/// A standard output or error.
#[derive(Clone)]
pub(super) struct Output(pub(super) MemoryOutputPipe);

impl Input {
    fn read(&self, room: usize) -> io::Result<Vec<u8>> {
        let into = Collected::new(room);
        self.0.read(&into).map_err(error_of)?;
        Ok(into.into_bytes())
    }
}

fn error_of(errno: Errno) -> io::Error {
    match errno {
        Errno::NoSpc => io::ErrorKind::StorageFull.into(),
        other => io::Error::other(format!("{other:?}")),
    }
}

impl IsTerminal for Input {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdinStream for Input {
    fn async_stream(&self) -> Box<dyn AsyncRead + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        Box::new(self.clone())
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl AsyncRead for Input {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = self.read(buffer.remaining());
        Poll::Ready(read.map(|bytes| buffer.put_slice(&bytes)))
    }
}

impl AsyncWrite for Output {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(self.0.write(&bytes).map(|count| count as usize).map_err(error_of))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[async_trait]
impl Pollable for Input {
    async fn ready(&mut self) {}
}

#[async_trait]
impl InputStream for Input {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if self.0.available() == 0 {
            return Err(StreamError::Closed);
        }
        match Input::read(self, size.min(ROOM)) {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(StreamError::LastOperationFailed(error.into())),
        }
    }
}

#[async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {}
}

#[async_trait]
impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            match self.0.write(&rest) {
                Ok(count) => rest = &rest[count as usize..],
                Err(errno) => return Err(StreamError::LastOperationFailed(error_of(errno).into())),
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(ROOM)
    }
}
