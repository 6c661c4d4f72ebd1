//! What a program gets from its host: arguments, environment, standard streams and directories.

use crate::descriptor::Descriptor;
use crate::dir::Directory;
use crate::file::File;
use crate::perms::{DirPerms, FilePerms};
use crate::pipe::{MemoryInputPipe, MemoryOutputPipe};
use crate::stdio::{Stream, Turn};
use crate::table::Table;
use crate::types::{Filetype, Rights};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use rustix::fs::{FileType, Mode, OFlags, Stat, fstat, open};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Why a context cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A directory cannot be opened.
    #[error("cannot open directory `{path}`")]
    Preopen {
        /// The host's path.
        path: PathBuf,
        /// What the host says.
        source: io::Error,
    },
    /// A standard stream of this process cannot be used.
    #[error("cannot use {stream} of this process")]
    Stdio {
        /// The stream's name.
        stream: &'static str,
        /// What the host says.
        source: io::Error,
    },
    /// Arguments or environment contain what a program cannot receive.
    #[error("{what} `{value}` contains a NUL byte")]
    Nul {
        /// Which kind of string it is.
        what: &'static str,
        /// The string.
        value: String,
    },
    /// The arguments or the environment do not fit into 32-bit sizes.
    #[error("the {what} are longer than 4 GiB")]
    TooLong {
        /// Which list it is.
        what: &'static str,
    },
}

/// Where a standard stream leads to.
enum Stdio {
    Null,
    Inherited,
    Input(MemoryInputPipe),
    Output(MemoryOutputPipe),
    Host(OwnedFd),
}

/// What a program reads as its standard input: a pipe in memory, or an open file of the host.
pub struct InputStream(Stdio);

/// Where a program's standard output or error goes: a pipe in memory, or an open file of the host.
pub struct OutputStream(Stdio);

impl From<MemoryInputPipe> for InputStream {
    fn from(pipe: MemoryInputPipe) -> Self {
        InputStream(Stdio::Input(pipe))
    }
}

impl From<OwnedFd> for InputStream {
    fn from(fd: OwnedFd) -> Self {
        InputStream(Stdio::Host(fd))
    }
}

impl From<MemoryOutputPipe> for OutputStream {
    fn from(pipe: MemoryOutputPipe) -> Self {
        OutputStream(Stdio::Output(pipe))
    }
}

impl From<OwnedFd> for OutputStream {
    fn from(fd: OwnedFd) -> Self {
        OutputStream(Stdio::Host(fd))
    }
}

/// Says what a program gets. It starts with nothing: no arguments, no environment, no directories, an empty standard
/// input, and standard output and error that swallow everything.
pub struct WasiCtxBuilder {
    args: Vec<String>,
    env: Vec<(String, String)>,
    stdio: [Stdio; 3],
    preopens: Vec<Directory>,
}

/// What a program has, shared by all its threads. [`add_to_linker`](crate::add_to_linker) finds it in the host state.
pub struct WasiCtx {
    pub(crate) args: StringList,
    pub(crate) env: StringList,
    pub(crate) table: Table,
    /// Where the monotonic clock counts from.
    pub(crate) start: Instant,
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
        }
    }
}

impl WasiCtxBuilder {
    /// A builder of a context that has nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends an argument. The first one is the program's name.
    pub fn arg(&mut self, arg: impl AsRef<str>) -> &mut Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Appends arguments.
    pub fn args(&mut self, args: &[impl AsRef<str>]) -> &mut Self {
        self.args.extend(args.iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Appends a variable of the environment.
    pub fn env(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> &mut Self {
        self.env.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Appends variables of the environment.
    pub fn envs(&mut self, env: &[(impl AsRef<str>, impl AsRef<str>)]) -> &mut Self {
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

    /// Opens the host's directory `host_path`, which the program knows as `guest_path`. The first such directory is
    /// descriptor 3, the next is 4, and so on. The permissions also hold for all that is below the directory.
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
        self.preopens
            .push(Directory::preopened(dir, guest_path, dir_perms, file_perms));
        Ok(self)
    }

    /// Makes the context, and leaves the builder empty.
    ///
    /// # Errors
    ///
    /// A string contains a NUL byte, or an inherited stream is closed.
    pub fn build(&mut self) -> Result<WasiCtx, Error> {
        let WasiCtxBuilder {
            args,
            env,
            stdio,
            preopens,
        } = std::mem::take(self);
        let directories = preopens.into_iter().map(Descriptor::Directory);
        let table = Table::new(standard_streams(stdio)?.into_iter().chain(directories));
        let env = env.into_iter().map(|(name, value)| format!("{name}={value}"));
        Ok(WasiCtx {
            args: StringList::new("argument", args)?,
            env: StringList::new("environment variable", env)?,
            table,
            start: Instant::now(),
        })
    }
}

impl StringList {
    fn new(what: &'static str, strings: impl IntoIterator<Item = String>) -> Result<Self, Error> {
        let mut list = StringList::default();
        for value in strings {
            if value.contains('\0') {
                return Err(Error::Nul { what, value });
            }
            list.offsets.push(list.bytes.len() as u32);
            list.bytes.extend_from_slice(value.as_bytes());
            list.bytes.push(0);
            if u32::try_from(list.bytes.len()).is_err() {
                return Err(Error::TooLong { what });
            }
        }
        Ok(list)
    }
}

/// A directory that can be listed, or, where the host forbids that, one that paths can start from.
fn open_dir(path: &Path) -> io::Result<Dir> {
    match open(
        path,
        OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    ) {
        Ok(fd) => Ok(Dir::from_std_file(fd.into())),
        Err(rustix::io::Errno::ACCESS) => Dir::open_ambient_dir(path, ambient_authority()),
        Err(error) => Err(error.into()),
    }
}

/// The descriptors 0, 1 and 2. Outputs that are one file of the host take turns with each other.
fn standard_streams(stdio: [Stdio; 3]) -> Result<[Descriptor; 3], Error> {
    let [stdin, stdout, stderr] = stdio;
    let (own_in, own_out, own_err) = (io::stdin(), io::stdout(), io::stderr());
    let turn = Turn::default();
    let (stdin, _) = standard_stream(
        "standard input",
        stdin,
        own_in.as_fd(),
        Rights::FD_READ,
        Turn::default(),
    )?;
    let (stdout, out_stat) = standard_stream(
        "standard output",
        stdout,
        own_out.as_fd(),
        Rights::FD_WRITE,
        turn.clone(),
    )?;
    let err_stat = match &stderr {
        Stdio::Inherited => fstat(own_err.as_fd()).ok(),
        Stdio::Host(fd) => fstat(fd).ok(),
        _ => None,
    };
    let identity = |stat: &Stat| (stat.st_dev, stat.st_ino);
    let turn = match (out_stat, err_stat) {
        (Some(out), Some(err)) if identity(&out) == identity(&err) => turn,
        _ => Turn::default(),
    };
    let (stderr, _) = standard_stream("standard error", stderr, own_err.as_fd(), Rights::FD_WRITE, turn)?;
    Ok([stdin, stdout, stderr])
}

fn standard_stream(
    stream: &'static str,
    stdio: Stdio,
    own: BorrowedFd<'_>,
    access: Rights,
    turn: Turn,
) -> Result<(Descriptor, Option<Stat>), Error> {
    let opened = match stdio {
        Stdio::Null => return Ok((Descriptor::Null, None)),
        Stdio::Input(pipe) => return Ok((Descriptor::Input(pipe), None)),
        Stdio::Output(pipe) => return Ok((Descriptor::Output(pipe), None)),
        Stdio::Inherited => host_stream(own, access, turn),
        Stdio::Host(fd) => host_stream(fd.as_fd(), access, turn),
    };
    let (descriptor, stat) = opened.map_err(|source| Error::Stdio { stream, source })?;
    Ok((descriptor, Some(stat)))
}

fn host_stream(fd: BorrowedFd<'_>, access: Rights, turn: Turn) -> io::Result<(Descriptor, Stat)> {
    let stat = fstat(fd)?;
    let filetype = Filetype::from(FileType::from_raw_mode(stat.st_mode));
    let descriptor = match filetype {
        Filetype::RegularFile | Filetype::BlockDevice => {
            Descriptor::File(File::inherited(fd.try_clone_to_owned()?, filetype, access))
        }
        _ => Descriptor::Stream(Stream::from_shared(fd, &stat, access, turn)?),
    };
    Ok((descriptor, stat))
}
