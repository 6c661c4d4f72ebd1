//! What a program may see of the world: its arguments, environment, directories and sockets, on either runtime.

use super::Opts;
use anyhow::{Context, Result, bail};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::net::TcpListener;
use std::num::NonZeroUsize;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use weft::{Component, Runtime};
use weft_wasi::{DirPerms, FilePerms, WasiCtx, WasiCtxBuilder, is_procfs};

/// The variables by which thread pools learn how many threads to start: those of rayon and tokio. Rust's library for WASI
/// preview 1 cannot ask for the number of processors.
const THREAD_VARIABLES: [&str; 2] = ["RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS"];

impl Opts {
    pub(super) fn wasi(&self, component: &Component) -> Result<WasiCtx> {
        let workers = match component.runtime() {
            Runtime::Parallel => component.engine().workers().map_or(1, NonZeroUsize::get),
            Runtime::Cooperative if !self.listens.is_empty() => bail!(
                "`--tcplisten` works only for programs of WASI preview 1: a component of WASI 0.2 or 0.3 cannot receive the socket"
            ),
            // Cooperative threads take turns, so more than one gains nothing.
            Runtime::Cooperative => 1,
        };
        let mut wasi = WasiCtxBuilder::new();
        wasi.inherit_stdio();
        for argument in self.arguments() {
            wasi.arg(argument.as_bytes());
        }
        for (name, value) in self.environment(workers) {
            wasi.env(name.as_bytes(), value.as_bytes());
        }
        wasi.allow_procfs(self.allow_procfs);
        self.network.apply(&mut wasi);
        for (host, guest) in self.directories() {
            self.check_directory(host)?;
            wasi.preopened_dir(host, guest, DirPerms::all(), FilePerms::all())?;
        }
        for address in &self.listens {
            let listener = TcpListener::bind(address).with_context(|| format!("cannot listen at `{address}`"))?;
            // Nothing else would tell which port the system chose.
            if let Ok(chosen) = listener.local_addr()
                && is_left_to_the_system(address)
            {
                let _ = writeln!(std::io::stderr(), "listening at {chosen} (`--tcplisten {address}`)");
            }
            wasi.preopened_socket(listener)?;
        }
        Ok(wasi.build()?)
    }

    /// The program need not know in which directory its file is.
    fn arguments(&self) -> impl Iterator<Item = &OsStr> {
        let mut arguments = self.program.iter().map(OsString::as_os_str);
        let file = arguments
            .next()
            .map(|path| match Path::new(path).components().next_back() {
                Some(name) => name.as_os_str(),
                None => path,
            });
        self.argv0.as_deref().or(file).into_iter().chain(arguments)
    }

    /// The variables of `--env`, and those of `--thread-variables` that `--env` does not name. Of several with one name, the last counts.
    fn environment(&self, workers: usize) -> impl Iterator<Item = (&OsStr, Cow<'_, OsStr>)> {
        let variables = self.envs.iter().map(|variable| {
            let bytes = variable.as_bytes();
            match bytes.iter().position(|byte| *byte == b'=') {
                Some(at) => (
                    OsStr::from_bytes(&bytes[..at]),
                    Some(OsStr::from_bytes(&bytes[at + 1..])),
                ),
                None => (variable.as_os_str(), None),
            }
        });
        let named = variables.clone();
        let is_named = move |name: &OsStr| named.clone().any(|(other, _)| other == name);
        let threads = THREAD_VARIABLES.into_iter().map(OsStr::new);
        let threads = threads.filter(move |name| self.thread_variables && !is_named(name));
        let set = variables.clone().enumerate().filter(move |(position, (name, _))| {
            !variables.clone().skip(position + 1).any(|(other, _)| other == *name)
        });
        let set = set.filter_map(|(_, (name, value))| match value {
            Some(value) => Some((name, value.into())),
            None => std::env::var_os(name).map(|value| (name, value.into())),
        });
        set.chain(threads.map(move |name| (name, OsString::from(workers.to_string()).into())))
    }

    /// Refuses a directory of procfs, unless it is allowed, and warns of those that make much of this system available.
    fn check_directory(&self, host: &str) -> Result<()> {
        // Opening it later reports a missing directory.
        let Ok(directory) = File::open(host) else {
            return Ok(());
        };
        let is_procfs = is_procfs(&directory).with_context(|| format!("cannot use the directory `{host}`"))?;
        if is_procfs && !self.allow_procfs {
            bail!(
                "the directory `{host}` is on procfs, where a program can read the memory and the environment of this \
                 process: use `--allow-procfs` to let it"
            );
        }
        let is_root = Path::new(host).canonicalize().is_ok_and(|path| path == Path::new("/"));
        let warning = match (is_procfs || is_root, self.allow_procfs) {
            (false, _) => return Ok(()),
            (true, true) => "the program can read the memory and the environment of this process there",
            (true, false) => "the program can use all files of this system but those on procfs",
        };
        // If standard error is closed, there is no reader to inform.
        let _ = writeln!(std::io::stderr(), "warning: with `--dir {host}` {warning}");
        Ok(())
    }

    fn directories(&self) -> impl Iterator<Item = (&str, &str)> {
        let dirs = self.dirs.iter();
        dirs.map(|dir| dir.split_once("::").unwrap_or((dir, dir)))
    }
}

/// Checks the value of `--env`.
pub(super) fn check_variable(variable: OsString) -> Result<OsString, &'static str> {
    match variable.as_bytes().first() {
        None | Some(b'=') => Err("the variable has no name: use NAME=VALUE"),
        Some(_) => Ok(variable),
    }
}

/// Whether the port of an address is 0: then the system chooses one.
fn is_left_to_the_system(address: &str) -> bool {
    let port = address.rsplit(':').next().unwrap_or_default();
    port.parse::<u16>() == Ok(0)
}

#[cfg(test)]
mod tests {
    use super::is_left_to_the_system;

    #[test]
    fn port_zero_is_left_to_the_system() {
        for (address, expected) in [
            ("127.0.0.1:0", true),
            ("[::1]:00", true),
            ("localhost:10", false),
            ("::", false),
        ] {
            assert_eq!(is_left_to_the_system(address), expected, "{address}");
        }
    }
}
