//! The Canonical ABI without an engine: each rule by its own case, and random types and values there and back.

mod check;
mod handles;
mod hostile;
mod layouts;
mod lifting;
mod lowering;
mod random;
mod round_trip;
mod support;
mod transcoding;
mod typed;
