//! `wasi:filesystem`.

pub(crate) mod descriptor;
pub(crate) mod entries;
pub(crate) mod paths;
pub(crate) mod types;

pub(crate) use descriptor::Node;
pub(crate) use entries::Entries;
