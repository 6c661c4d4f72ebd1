//! The Canonical ABI without an engine: a case for each rule, and random types and values that are lowered and lifted again.

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
mod typed_guest;
