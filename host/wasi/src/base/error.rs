//! Why a context cannot be created for a program.

use std::io;
use std::path::PathBuf;

/// Why a context cannot be created.
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
    /// A directory is on procfs, which is not allowed.
    #[error(
        "the directory `{path}` is on procfs, where a program can read the memory and the environment of this process: use \
         `WasiCtxBuilder::allow_procfs` to let it"
    )]
    Procfs {
        /// The guest's path.
        path: String,
    },
    /// A standard stream of this process cannot be used.
    #[error("cannot use {stream} of this process")]
    Stdio {
        /// The stream's name.
        stream: &'static str,
        /// What the host says.
        source: io::Error,
    },
    /// The file descriptor is not a stream socket that listens or is connected.
    #[error("the file descriptor is not a stream socket that listens or is connected")]
    Socket {
        /// What the host says.
        source: io::Error,
    },
    /// An argument or a variable contains a NUL byte.
    #[error("{what} `{value}` contains a NUL byte")]
    Nul {
        /// Which kind of string it is.
        what: &'static str,
        /// The string.
        value: String,
    },
    /// The program runs on the cooperative runtime, whose WASI does not support something in the context.
    #[error("the cooperative runtime does not support the WASI context: {0}")]
    Cooperative(String),
    /// The arguments or the environment do not fit into 32-bit sizes.
    #[error("the {what} list is longer than 4 GiB")]
    TooLong {
        /// Which list it is.
        what: &'static str,
    },
}
