//! The output of decode, for the other passes.

use std::borrow::Cow;

/// A binary, and what its bytes do not say.
pub(crate) struct Decoded<'a> {
    /// A core module, or a component whose canonical sections are in wasm-tools' encoding.
    pub(crate) bytes: Cow<'a, [u8]>,
    /// For each `thread.spawn-ref`, `thread.spawn-indirect` and `thread.available-parallelism`, in the order of the binary,
    /// nested components included: whether it was marked `shared`, and `None` where the input had no place for the mark.
    pub(crate) immediates: Vec<Option<bool>>,
}
