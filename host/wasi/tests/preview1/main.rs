//! WASI preview 1 from the guest's side: what the interface definition, POSIX and the C libraries say, function by function,
//! on the real runtime.

mod clocks;
mod descriptors;
mod embedder;
mod harness;
mod hostile;
mod linking;
mod metadata;
mod older;
mod open;
mod paths;
mod polling;
mod program_wide;
mod readdir;
mod reading_writing;
mod rights;
mod sandbox;
mod sockets;
mod streams;
mod threads;
