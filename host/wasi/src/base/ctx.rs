//! The context of a program: arguments, environment, standard streams and directories.

use crate::base::background::Background;
use crate::base::clocks::{Clocks, HostMonotonicClock, HostWallClock};
use crate::base::descriptor::Descriptor;
use crate::base::dir::Directory;
use crate::base::disk::Disk;
use crate::base::error::Error;
use crate::base::limits::Limits;
use crate::base::network::{Network, SocketAddrUse};
use crate::base::perms::{DirPerms, FilePerms};
use crate::base::places::Places;
use crate::base::random::{HostRandom, SystemRandom};
use crate::base::recipe::Recipe;
use crate::base::resources::Resources;
use crate::base::stdio::{InputStream, OutputStream, Stdio, standard_streams};
use crate::base::table::Table;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use rustix::fs::{Mode, OFlags, open};
use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Builds a [`WasiCtx`]. By default, a program gets nothing: no arguments, no environment, no directories, an empty standard input, and
/// standard output and error that discard everything.
pub struct WasiCtxBuilder {
    args: Vec<Vec<u8>>,
    env: Vec<Vec<u8>>,
    stdio: [Stdio; 3],
    preopens: Vec<Descriptor>,
    clocks: Clocks,
    /// `None` for the system's.
    random: Option<Arc<dyn HostRandom>>,
    limits: Limits,
    network: Network,
    allow_procfs: bool,
    recipe: Recipe,
}

/// What a program can use of its host. All threads of the program share it. Put it into the host's state, where
/// [`add_to_linker`](crate::add_to_linker) finds it.
pub struct WasiCtx {
    pub(crate) args: StringList,
    pub(crate) env: StringList,
    pub(crate) table: Table,
    /// What the handles of WASI 0.2 stand for.
    pub(crate) resources: Resources,
    pub(crate) clocks: Clocks,
    pub(crate) random: Arc<dyn HostRandom>,
    /// A random number that stays the same, once it is asked for.
    pub(crate) seed: OnceLock<(u64, u64)>,
    pub(crate) limits: Limits,
    pub(crate) places: Places,
    pub(crate) disk: Disk,
    pub(crate) network: Network,
    pub(crate) background: Background,
    /// What is needed to make the other runtime's context.
    pub(crate) recipe: Recipe,
}

/// Strings as a program receives them: one after the other, each ended by a NUL byte.
#[derive(Debug, Default)]
pub(crate) struct StringList {
    pub(crate) bytes: Vec<u8>,
    /// Where each string begins.
    pub(crate) offsets: Vec<u32>,
}

impl Default for WasiCtxBuilder {
    fn default() -> Self {
        WasiCtxBuilder {
            args: Vec::new(),
            env: Vec::new(),
            stdio: [Stdio::Null, Stdio::Null, Stdio::Null],
            preopens: Vec::new(),
            clocks: Clocks::system(),
            random: None,
            limits: Limits::default(),
            network: Network::default(),
            allow_procfs: false,
            recipe: Recipe::default(),
        }
    }
}

impl WasiCtxBuilder {
    /// Creates a builder whose context contains nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends an argument. The first one is the program's name. Arguments and variables are bytes in any encoding.
    pub fn arg(&mut self, arg: impl AsRef<[u8]>) -> &mut Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Appends arguments.
    pub fn args(&mut self, args: &[impl AsRef<[u8]>]) -> &mut Self {
        self.args.extend(args.iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Appends a variable of the environment.
    pub fn env(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> &mut Self {
        self.env.push([name.as_ref(), value.as_ref()].join(&b'='));
        self
    }

    /// Appends variables of the environment.
    pub fn envs(&mut self, env: &[(impl AsRef<[u8]>, impl AsRef<[u8]>)]) -> &mut Self {
        for (name, value) in env {
            self.env(name, value);
        }
        self
    }

    /// Gives the program this process's standard streams.
    pub fn inherit_stdio(&mut self) -> &mut Self {
        self.inherit_stdin().inherit_stdout().inherit_stderr()
    }

    /// Gives the program this process's standard input.
    pub fn inherit_stdin(&mut self) -> &mut Self {
        self.stdio[0] = Stdio::Inherited;
        self
    }

    /// Gives the program this process's standard output.
    pub fn inherit_stdout(&mut self) -> &mut Self {
        self.stdio[1] = Stdio::Inherited;
        self
    }

    /// Gives the program this process's standard error.
    pub fn inherit_stderr(&mut self) -> &mut Self {
        self.stdio[2] = Stdio::Inherited;
        self
    }

    /// Sets where the program's standard input comes from.
    pub fn stdin(&mut self, stream: impl Into<InputStream>) -> &mut Self {
        self.stdio[0] = stream.into().0;
        self
    }

    /// Sets where the program's standard output goes.
    pub fn stdout(&mut self, stream: impl Into<OutputStream>) -> &mut Self {
        self.stdio[1] = stream.into().0;
        self
    }

    /// Sets where the program's standard error goes.
    pub fn stderr(&mut self, stream: impl Into<OutputStream>) -> &mut Self {
        self.stdio[2] = stream.into().0;
        self
    }

    /// Opens the host's directory `host_path`, and gives the program access to it under the name `guest_path`. Directories and sockets get
    /// the descriptors from 3 on, in the order of these calls. C libraries look for directories until they find a descriptor that is not
    /// one, so add directories first. The permissions also apply to everything below the directory.
    ///
    /// # Errors
    ///
    /// The directory cannot be opened.
    pub fn preopened_dir(
        &mut self,
        host_path: impl AsRef<Path>,
        guest_path: impl AsRef<str>,
        dir_perms: DirPerms,
        file_perms: FilePerms,
    ) -> Result<&mut Self, Error> {
        let path = host_path.as_ref();
        let dir = open_dir(path).map_err(|source| Error::Preopen {
            path: path.to_owned(),
            source,
        })?;
        let guest_path = guest_path.as_ref().to_owned();
        self.recipe.directory(path, &guest_path, dir_perms, file_perms);
        let directory = Directory::preopened(dir, guest_path, dir_perms, file_perms);
        self.preopens.push(Descriptor::Directory(directory));
        Ok(self)
    }

    /// Gives the program a stream socket of this process, either a listening one (a `TcpListener` or `UnixListener`) or a connected one.
    /// It gets the next descriptor, as in [`preopened_dir`](Self::preopened_dir). This makes a listening socket non-blocking, also for
    /// other processes that share it.
    ///
    /// # Errors
    ///
    /// It is not a stream socket.
    pub fn preopened_socket(&mut self, socket: impl Into<OwnedFd>) -> Result<&mut Self, Error> {
        let socket = crate::base::socket::handed_in(socket.into()).map_err(|source| Error::Socket { source })?;
        self.recipe.sockets += 1;
        self.preopens.push(socket.into());
        Ok(self)
    }

    /// Sets the time of day that the program sees. By default it is the host's.
    pub fn wall_clock(&mut self, clock: impl HostWallClock + 'static) -> &mut Self {
        self.clocks.wall = Arc::new(clock);
        self
    }

    /// Sets the monotonic clock, with which the program measures time and waits. By default it is the host's, and starts when this builder
    /// is created.
    pub fn monotonic_clock(&mut self, clock: impl HostMonotonicClock + 'static) -> &mut Self {
        self.clocks.monotonic = Arc::new(clock);
        self
    }

    /// Sets the source of the program's random numbers. The default is suitable for cryptographic keys.
    pub fn random(&mut self, source: impl HostRandom + 'static) -> &mut Self {
        self.random = Some(Arc::new(source));
        self
    }

    /// Sets limits on the program's use of host resources.
    pub fn limits(&mut self, limits: Limits) -> &mut Self {
        self.limits = limits;
        self
    }

    /// Lets the program use every address with the sockets of WASI 0.2 that [`allow_tcp`](Self::allow_tcp) and
    /// [`allow_udp`](Self::allow_udp) allow. By default it may use none.
    pub fn inherit_network(&mut self) -> &mut Self {
        self.socket_addr_check(|_, _| true)
    }

    /// Sets a function that decides which addresses the program may use, and for what. All threads of the program call `check`, which must
    /// not block. If it returns `false`, the program gets `access-denied`.
    ///
    /// ```
    /// # use weft_wasi::{SocketAddrUse, WasiCtxBuilder};
    /// let mut builder = WasiCtxBuilder::new();
    /// builder.allow_tcp(true).socket_addr_check(|address, used| match used {
    ///     SocketAddrUse::TcpConnect => address.port() == 443,
    ///     // The address of a connection's own side.
    ///     SocketAddrUse::TcpBind => true,
    ///     _ => false,
    /// });
    /// ```
    pub fn socket_addr_check(
        &mut self,
        check: impl Fn(SocketAddr, SocketAddrUse) -> bool + Send + Sync + 'static,
    ) -> &mut Self {
        self.network.check = Arc::new(check);
        self
    }

    /// Sets whether the program may look up host names. By default it may not.
    pub fn allow_ip_name_lookup(&mut self, allow: bool) -> &mut Self {
        self.network.ip_name_lookup = allow;
        self
    }

    /// Sets whether the program may create TCP sockets. By default it may not.
    pub fn allow_tcp(&mut self, allow: bool) -> &mut Self {
        self.network.tcp = allow;
        self
    }

    /// Sets whether the program may create UDP sockets. By default it may not.
    pub fn allow_udp(&mut self, allow: bool) -> &mut Self {
        self.network.udp = allow;
        self
    }

    /// Sets whether the program may use procfs below its directories, at `/proc` or wherever else procfs is mounted. Through procfs, a
    /// program can read the memory and the environment of this process, and of other processes of the same user. By default it may not,
    /// and calls on procfs return `perm`.
    pub fn allow_procfs(&mut self, allow: bool) -> &mut Self {
        self.allow_procfs = allow;
        self
    }

    /// Creates the context, and leaves the builder empty.
    ///
    /// # Errors
    ///
    /// A preopened directory is on procfs, which is not allowed; a string contains a NUL byte; the strings are too long for a program's
    /// memory; or an inherited stream cannot be used, for example because it is closed.
    pub fn build(&mut self) -> Result<WasiCtx, Error> {
        let WasiCtxBuilder {
            args,
            env,
            stdio,
            preopens,
            clocks,
            random,
            limits,
            network,
            allow_procfs,
            mut recipe,
        } = std::mem::take(self);
        let mut preopens = preopens;
        for descriptor in &mut preopens {
            if let Descriptor::Directory(directory) = descriptor {
                directory.limit_depth(limits.directory_depth);
                if !allow_procfs {
                    directory.refuse_procfs()?;
                }
            }
        }
        recipe.allows_procfs = allow_procfs;
        recipe.random.clone_from(&random);
        let stdio = recipe.standard_streams(stdio);
        let table = Table::new(limits.descriptors, standard_streams(stdio)?.into_iter().chain(preopens));
        Ok(WasiCtx {
            args: StringList::new("argument", args)?,
            env: StringList::new("environment variable", env)?,
            table,
            resources: Resources::default(),
            clocks,
            random: random.unwrap_or_else(|| Arc::new(SystemRandom)),
            seed: OnceLock::new(),
            places: Places::default(),
            disk: Disk::new(limits.disk_calls.max(1)),
            network,
            background: Background::default(),
            recipe,
            limits: Limits {
                transfer: limits.transfer.max(1),
                ..limits
            },
        })
    }
}

impl StringList {
    fn new(what: &'static str, strings: Vec<Vec<u8>>) -> Result<Self, Error> {
        let mut list = StringList::default();
        for value in strings {
            if value.contains(&0) {
                let value = String::from_utf8_lossy(&value).into_owned();
                return Err(Error::Nul { what, value });
            }
            list.offsets.push(list.bytes.len() as u32);
            list.bytes.extend_from_slice(&value);
            list.bytes.push(0);
            if u32::try_from(list.bytes.len()).is_err() {
                return Err(Error::TooLong { what });
            }
        }
        Ok(list)
    }

    /// The strings without their NUL bytes.
    pub(crate) fn strings(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes
            .split_inclusive(|byte| *byte == 0)
            .map(|string| string.strip_suffix(b"\0").unwrap_or(string))
    }
}

/// A directory that can be listed, or, if the host forbids that, one from which paths can start.
fn open_dir(path: &Path) -> io::Result<Dir> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    match rustix::io::retry_on_intr(|| open(path, flags, Mode::empty())) {
        Ok(fd) => Ok(Dir::from_std_file(fd.into())),
        Err(rustix::io::Errno::ACCESS) => Dir::open_ambient_dir(path, ambient_authority()),
        Err(error) => Err(error.into()),
    }
}
