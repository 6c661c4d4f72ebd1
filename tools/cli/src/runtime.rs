//! The option that chooses the runtime for a component.
//!
//! Without the option, the component's threads decide. With it, a user can compare a component's behaviour on both
//! runtimes.

use clap::ValueEnum;

/// A runtime that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuntimeChoice {
    /// weft's own, whose threads run in parallel
    Weft,
}
