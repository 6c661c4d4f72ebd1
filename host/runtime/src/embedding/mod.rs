//! What an embedder holds: a linker with the host's definitions, instances, and their functions.

pub(crate) mod func;
pub(crate) mod instance;
pub(crate) mod linker;
#[cfg(test)]
mod tests;
