//! What has to hold whatever order the calls of several guest threads come in.
//!
//! Each test runs a program whose threads make thousands of calls that meet in many ways, records what was seen, and
//! compares that with what any order of the calls can give. Nothing waits for a moment at which things should have
//! happened, and nothing looks at how long they took.

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
