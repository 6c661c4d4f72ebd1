//! End-to-end tests: the command `weft` on real programs.
//!
//! A [`Case`] says which command runs and what must come of it: standard output, a part of standard error, the exit
//! status. It may run many times and with several numbers of workers, because a schedule that goes wrong may be rare. A
//! run that does not end in time is killed and fails; nothing else about time is asserted.
//!
//! They look for the binary beside themselves. A dependency on the command line's crate would not help: Cargo builds
//! binaries for the tests of their own package only.
//!
//! [`conformance`] makes the page of the rules that hold, from what the tests of all crates show.

mod case;
mod command;
pub mod conformance;

pub use case::{Case, Stdout};
pub use command::{Outcome, Stdin, Weft, fixture};
