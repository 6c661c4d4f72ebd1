//! The target of what this crate logs.

/// The target of what this crate logs with `tracing`: a span for each pass.
pub(crate) const LOG: &str = "weft::lower";
