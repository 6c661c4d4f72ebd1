//! `wasi:io`: streams, pollables and errors.

pub(crate) mod error;
pub(crate) mod input;
mod outgoing;
pub(crate) mod output;
pub(crate) mod poll;
pub(crate) mod streams;

pub(crate) use error::IoError;
pub(crate) use input::InputStream;
pub(crate) use output::OutputStream;
pub(crate) use poll::Pollable;
