//! A context for the cooperative runtime, whose WASI is Wasmtime's.
//!
//! **Problem.** An embedder describes once what a program gets, and does not know which runtime the program needs.
//! **Before:** a [`WasiCtx`]. **After:** Wasmtime's context with the same arguments, environment, streams, directories,
//! clocks, random numbers and network. If Wasmtime's context does not support something, the error names it.
//!
//! **Rejected:** weft's own WASI 0.2 for both runtimes (it suspends weft's fibers, and does not have 0.3).

mod streams;

use crate::base::clocks::{HostMonotonicClock, HostWallClock};
use crate::base::ctx::{StringList, WasiCtx};
use crate::base::error::Error;
use crate::base::network::SocketAddrUse;
use crate::base::perms::{DirPerms, FilePerms};
use crate::base::random::{HostRandom, SystemRandom};
use crate::base::recipe::PreopenedDirectory;
use crate::base::stdio::Stdio;
use rand::TryRng;
use std::convert::Infallible;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::time::Duration;
use streams::{Input, Output};
use wasmtime_wasi::cli::{InputFile, OutputFile};
use wasmtime_wasi::{FsPerms, sockets};

impl WasiCtx {
    /// Creates an equivalent context of Wasmtime, for a component that runs on Wasmtime's component runtime.
    ///
    /// The two contexts share streams, clocks, random numbers and the check of addresses. Directories are opened again by their paths.
    /// [`Limits`](crate::Limits) do not apply, because Wasmtime has its own.
    ///
    /// # Errors
    ///
    /// An argument or the environment is not UTF-8, a directory has permissions that Wasmtime does not support, a directory or stream
    /// cannot be opened again, or the context contains a socket.
    pub fn to_wasmtime(&self) -> Result<wasmtime_wasi::WasiCtx, Error> {
        let mut wasi = wasmtime_wasi::WasiCtxBuilder::new();
        for argument in texts("argument", &self.args) {
            wasi.arg(argument?);
        }
        for variable in texts("environment variable", &self.env) {
            let variable = variable?;
            let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
            wasi.env(name, value);
        }
        self.give_streams(&mut wasi)?;
        for directory in &self.recipe.directories {
            let opened = wasi.preopened_dir(&directory.host, &directory.guest, permissions(directory)?);
            opened.map_err(|error| Error::Preopen {
                path: directory.host.clone(),
                source: io::Error::other(error),
            })?;
        }
        if self.recipe.sockets > 0 {
            return Err(Error::Cooperative(
                "it contains a socket, which only programs of WASI preview 1 can receive: leave out `preopened_socket`"
                    .to_owned(),
            ));
        }
        wasi.wall_clock(Shared(Arc::clone(&self.clocks.wall)));
        wasi.monotonic_clock(Shared(Arc::clone(&self.clocks.monotonic)));
        if let Some(random) = &self.recipe.random {
            wasi.secure_random(Random(Arc::clone(random)));
            wasi.insecure_random(Random(Arc::clone(random)));
        }
        let check = Arc::clone(&self.network.check);
        wasi.allow_tcp(self.network.tcp)
            .allow_udp(self.network.udp)
            .allow_ip_name_lookup(self.network.ip_name_lookup)
            .socket_addr_check(move |address, used| {
                let permitted = check(address, used.into());
                Box::pin(std::future::ready(permitted))
            });
        Ok(wasi.build())
    }

    /// Whether a program may use procfs below its directories: see [`WasiCtxBuilder::allow_procfs`](crate::WasiCtxBuilder::allow_procfs).
    pub fn allows_procfs(&self) -> bool {
        self.recipe.allows_procfs
    }

    fn give_streams(&self, wasi: &mut wasmtime_wasi::WasiCtxBuilder) -> Result<(), Error> {
        let [stdin, stdout, stderr] = &self.recipe.stdio[..] else {
            return Ok(());
        };
        match stdin {
            Stdio::Null | Stdio::Output(_) => {}
            Stdio::Inherited => {
                wasi.inherit_stdin();
            }
            Stdio::Input(pipe) => {
                wasi.stdin(Input(pipe.clone()));
            }
            Stdio::Host(fd) => {
                wasi.stdin(InputFile::new(reopened("standard input", fd)?));
            }
        }
        match stdout {
            Stdio::Null | Stdio::Input(_) => {}
            Stdio::Inherited => {
                wasi.inherit_stdout();
            }
            Stdio::Output(pipe) => {
                wasi.stdout(Output(pipe.clone()));
            }
            Stdio::Host(fd) => {
                wasi.stdout(OutputFile::new(reopened("standard output", fd)?));
            }
        }
        match stderr {
            Stdio::Null | Stdio::Input(_) => {}
            Stdio::Inherited => {
                wasi.inherit_stderr();
            }
            Stdio::Output(pipe) => {
                wasi.stderr(Output(pipe.clone()));
            }
            Stdio::Host(fd) => {
                wasi.stderr(OutputFile::new(reopened("standard error", fd)?));
            }
        }
        Ok(())
    }
}

fn reopened(stream: &'static str, fd: &std::os::fd::OwnedFd) -> Result<File, Error> {
    let fd = fd.try_clone().map_err(|source| Error::Stdio { stream, source })?;
    Ok(fd.into())
}

/// Components of WASI 0.2 and 0.3 are given text; programs of preview 1 take all bytes.
fn texts<'a>(what: &'static str, list: &'a StringList) -> impl Iterator<Item = Result<&'a str, Error>> {
    list.strings().map(move |bytes| {
        std::str::from_utf8(bytes).map_err(|_| {
            let value = OsStr::from_bytes(bytes);
            Error::Cooperative(format!(
                "the {what} {value:?} is not UTF-8, and WASI 0.2 and 0.3 pass only UTF-8 strings"
            ))
        })
    })
}

/// Wasmtime's permissions are those of a directory and its files together.
fn permissions(directory: &PreopenedDirectory) -> Result<FsPerms, Error> {
    if directory.dirs == DirPerms::all() && directory.files == FilePerms::all() {
        return Ok(FsPerms::ReadWrite);
    }
    if directory.dirs == DirPerms::READ && directory.files == FilePerms::READ {
        return Ok(FsPerms::ReadOnly);
    }
    Err(Error::Cooperative(format!(
        "directory `{}` has {:?} and {:?}: use all permissions for both, or `READ` for both",
        directory.guest, directory.dirs, directory.files
    )))
}

impl From<sockets::SocketAddrUse> for SocketAddrUse {
    fn from(used: sockets::SocketAddrUse) -> Self {
        match used {
            sockets::SocketAddrUse::TcpBind => SocketAddrUse::TcpBind,
            sockets::SocketAddrUse::TcpListen => SocketAddrUse::TcpListen,
            sockets::SocketAddrUse::TcpAccept => SocketAddrUse::TcpAccept,
            sockets::SocketAddrUse::TcpConnect => SocketAddrUse::TcpConnect,
            sockets::SocketAddrUse::UdpBind => SocketAddrUse::UdpBind,
            sockets::SocketAddrUse::UdpSend => SocketAddrUse::UdpSend,
            sockets::SocketAddrUse::UdpReceive => SocketAddrUse::UdpReceive,
        }
    }
}

/// A clock of the embedder, as Wasmtime asks for it.
struct Shared<C: ?Sized>(Arc<C>);

impl wasmtime_wasi::HostWallClock for Shared<dyn HostWallClock> {
    fn resolution(&self) -> Duration {
        self.0.resolution()
    }

    fn now(&self) -> Duration {
        self.0.now()
    }
}

impl wasmtime_wasi::HostMonotonicClock for Shared<dyn HostMonotonicClock> {
    fn resolution(&self) -> u64 {
        self.0.resolution()
    }

    fn now(&self) -> u64 {
        self.0.now()
    }
}

/// The embedder's random numbers, for Wasmtime. Wasmtime's source cannot fail, so if the embedder's fails, the system's
/// numbers are used, which are suitable for cryptographic keys.
struct Random(Arc<dyn HostRandom>);

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        // As many as a source is asked for at once.
        for part in bytes.chunks_mut(4096) {
            if self.0.fill(part).is_err() {
                // This one never fails.
                let _ = SystemRandom.fill(part);
            }
        }
        Ok(())
    }
}
