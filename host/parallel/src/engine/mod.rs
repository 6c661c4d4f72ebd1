//! The engine: its configuration, which applies to all instances, and the compilation of components.

pub mod compilation;
pub(crate) mod component;
pub(crate) mod config;
pub(crate) mod guard;
pub(crate) mod handle;
pub(crate) mod module;
mod precompile;
pub(crate) mod precompiled;
mod reactor;
mod self_test_module;
mod sources;
