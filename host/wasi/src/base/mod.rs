//! The layer that all versions of WASI share: descriptors, the sandbox, streams, clocks and waiting, for many threads
//! at once. Nothing here depends on the version that a call belongs to.

pub(crate) mod background;
pub(crate) mod bytes;
pub(crate) mod clocks;
pub(crate) mod ctx;
pub(crate) mod descriptor;
pub(crate) mod dir;
pub(crate) mod disk;
pub(crate) mod errno;
pub(crate) mod error;
pub(crate) mod file;
pub(crate) mod limits;
pub(crate) mod listing;
pub(crate) mod network;
pub(crate) mod open;
pub(crate) mod perms;
pub(crate) mod pipe;
pub(crate) mod places;
pub(crate) mod poll;
pub(crate) mod procfs;
pub(crate) mod random;
pub(crate) mod recipe;
pub(crate) mod resources;
pub(crate) mod rights;
mod shared_descriptors;
mod slashes;
pub(crate) mod socket;
pub(crate) mod stdio;
pub(crate) mod stream;
pub(crate) mod table;
pub(crate) mod types;
pub(crate) mod watched;
