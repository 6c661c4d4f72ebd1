//! End-to-end tests: the command `weft` on real programs.
//!
//! A [`Case`] is a command and its expected outcome: standard output, a part of standard error, the exit status. It may
//! run many times and with several numbers of workers, because a failing schedule may be rare. A run that does not end
//! in time is killed and fails. The tests assert nothing else about time.
//!
//! The cases themselves are tests of the command's package (`tools/cli/tests/programs`), because Cargo builds a binary
//! only for the tests of its own package. So no test can run a binary of an older build.
//!
//! [`types`] and [`values`] serve the tests that generate components.
//!
//! [`conformance`] makes the page of the rules that hold, from the tests of all crates.

mod case;
mod command;
pub mod conformance;
pub mod types;
pub mod values;

pub use case::{Case, Stdout};
pub use command::{Outcome, Stdin, Weft, fixture};
