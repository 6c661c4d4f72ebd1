//! The output of decode, for the other passes.

use std::borrow::Cow;
use std::ops::Range;

/// A binary, and what its bytes do not say.
pub(crate) struct Decoded<'a> {
    /// A core module, or a component whose canonical sections are in wasm-tools' encoding.
    pub(crate) bytes: Cow<'a, [u8]>,
    /// For each `thread.spawn-ref`, `thread.spawn-indirect` and `thread.available-parallelism`, in the order of the binary,
    /// nested components included: whether it was marked `shared`, and `None` where the input had no place for the mark.
    pub(crate) immediates: Vec<Option<bool>>,
    /// The core modules at the end that are not of the input: see [`crate::supply`].
    pub(crate) supplied: Vec<Supplied>,
}

/// A core module that is the argument for an import.
#[derive(Debug, Clone)]
pub(crate) struct Supplied {
    /// The names of the instances that the import is in, outermost first, and its own, with `/` between them.
    pub name: String,
    /// Where its bytes are.
    pub range: Range<usize>,
}
