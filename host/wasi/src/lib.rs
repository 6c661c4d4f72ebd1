//! WASI preview 1 and 0.2 for programs with many threads.
//!
//! A [`WasiCtx`] contains what a program can use: arguments, environment, standard streams, directories and open descriptors. All
//! threads of the program use it at once. If a call has to wait, it suspends its guest thread, and its worker runs others. If the
//! program ends, such a call ends too.
//!
//! ```no_run
//! use weft_wasi::{DirPerms, FilePerms, WasiCtx, WasiCtxBuilder};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let wasi: WasiCtx = WasiCtxBuilder::new()
//!     .inherit_stdio()
//!     .args(&["program", "argument"])
//!     .preopened_dir(".", "/", DirPerms::READ, FilePerms::READ)?
//!     .build()?;
//! # fn link(linker: &mut weft_parallel::Linker<WasiCtx>) -> Result<(), weft_parallel::Error> {
//! weft_wasi::add_to_linker(linker, |host| host)?;
//! # Ok(())
//! # }
//! # Ok(())
//! # }
//! ```

// The derives generate code that refers to the crate `weft`.
extern crate weft_parallel as weft;

mod base;
mod cooperative;
mod preview1;
mod preview2;
#[cfg(test)]
mod tests;
mod thread_names;

use preview1::abi::Abi;

pub use base::clocks::{HostMonotonicClock, HostWallClock};
pub use base::ctx::{WasiCtx, WasiCtxBuilder};
pub use base::error::Error;
pub use base::limits::Limits;
pub use base::network::SocketAddrUse;
pub use base::perms::{DirPerms, FilePerms};
pub use base::pipe::{MemoryInputPipe, MemoryOutputPipe};
pub use base::procfs::is_procfs;
pub use base::random::HostRandom;
pub use base::stdio::{InputStream, OutputStream};

/// Defines the host modules `wasi-snapshot-preview1`, `wasi-unstable`, and `weft-threads` for the names of threads, and the interfaces of
/// WASI 0.2. `get` returns the context in the host's state. If the linker is for both runtimes, this also defines WASI 0.2 and 0.3 for the cooperative one.
///
/// # Errors
///
/// The linker already has a function or a resource of one of the names.
pub fn add_to_linker<L: WasiLinker>(
    linker: &mut L,
    get: impl Fn(&L::Host) -> &WasiCtx + Copy + Send + Sync + 'static,
) -> Result<(), weft_parallel::Error> {
    linker.add_wasi(get)
}

/// A linker in which WASI can be defined: see [`add_to_linker`].
pub trait WasiLinker {
    /// The embedder's state.
    type Host: Send + Sync + 'static;

    /// Defines WASI. `get` returns the context in the host's state.
    ///
    /// # Errors
    ///
    /// The linker already has a function or a resource of one of the names.
    fn add_wasi(
        &mut self,
        get: impl Fn(&Self::Host) -> &WasiCtx + Copy + Send + Sync + 'static,
    ) -> Result<(), weft_parallel::Error>;
}

impl<T: Send + Sync + 'static> WasiLinker for weft_parallel::Linker<T> {
    type Host = T;

    fn add_wasi(
        &mut self,
        get: impl Fn(&T) -> &WasiCtx + Copy + Send + Sync + 'static,
    ) -> Result<(), weft_parallel::Error> {
        add_to_part(self.part(get))
    }
}

/// Its type does not depend on the embedder's state, so WASI is compiled in this crate and not in each program.
fn add_to_part(mut linker: weft_parallel::LinkerPart<'_, WasiCtx>) -> Result<(), weft_parallel::Error> {
    let mut preview1 = linker.module("wasi-snapshot-preview1");
    preview1::add_to_module(&mut preview1, Abi::PREVIEW1)?;
    preview1::add_sock_accept(&mut preview1)?;
    preview1::add_to_module(&mut linker.module("wasi-unstable"), Abi::UNSTABLE)?;
    thread_names::add_to_linker(&mut linker)?;
    preview2::add_to_linker(&mut linker)
}
