//! How strictly a component is checked.

/// Which rules hold for a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// Those of the specification, and what weft accepts beyond them: docs/extensions.md lists it.
    Extended,
    /// Those of the specification.
    Strict,
}
