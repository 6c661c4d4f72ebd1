//! How strictly weft checks a component.

/// The rules for a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// The rules of the specification, relaxed by weft's extensions, which docs/extensions.md lists.
    Extended,
    /// The rules of the specification.
    Strict,
}
