//! Properties that must hold in whatever order the calls of several guest threads come.
//!
//! Each test runs a program whose threads make thousands of calls that race in many ways, records the results, and
//! checks that some order of the calls can produce them. No test waits for a certain time, and none measures how long
//! anything took.

mod appends;
mod calls;
mod descriptors;
mod driver;
mod ending;
#[path = "../preview1/harness/functions.rs"]
mod functions;
mod listing;
mod memory;
mod moved;
mod prison;
mod random_calls;
mod streams;
mod swapped;
