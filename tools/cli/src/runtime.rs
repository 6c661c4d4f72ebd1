//! Which runtime runs a component, where the command line says so.
//!
//! Without the option, the component's threads decide. With it, what a component does can be compared on both runtimes.

use clap::ValueEnum;

/// A runtime that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuntimeChoice {
    /// weft's own, whose threads run in parallel
    Weft,
}
