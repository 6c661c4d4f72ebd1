//! The library as an embedder sees it, tested by the specification: each file has one subject.

mod adapted;
mod blocking;
mod cache;
mod calls;
mod context;
mod deterministic;
mod ending;
mod host;
mod limits;
mod linking;
mod loops;
mod memory;
mod modules;
mod post_return;
mod reentry;
mod segments;
mod spawn;
mod start_functions;
mod support;
mod suspended;
mod switching;
mod tables;
mod threads;
mod traps;
mod unshared;
mod waits;
