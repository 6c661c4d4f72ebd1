//! End-to-end tests: the command `weft` on real programs.
//!
//! A [`Case`] says which command runs and what must come of it: standard output, a part of standard error, the exit
//! status. It may run many times and with several numbers of workers, because a schedule that goes wrong may be rare. A
//! run that does not end in time is killed and fails; nothing else about time is asserted.
//!
//! The cases themselves are tests of the command's package (`tools/cli/tests/programs`), because Cargo builds a binary only
//! for the tests of its own package: so no test can run a binary of an older build.
//!
//! [`types`] and [`values`] serve the tests that generate components.
//!
//! [`conformance`] makes the page of the rules that hold, from what the tests of all crates show.

mod case;
mod command;
pub mod conformance;
pub mod types;
pub mod values;

pub use case::{Case, Stdout};
pub use command::{Outcome, Stdin, Weft, fixture};
