//! Calls of any WASI functions with any arguments, from several guest threads. What has to hold is said where the calls are
//! made, which a test of the workspace shares.

#![no_main]
#![allow(dead_code, reason = "the tests use more")]

#[path = "../../tests/races/calls.rs"]
mod calls;
#[path = "../../tests/races/driver.rs"]
mod driver;
#[path = "../../tests/preview1/harness/functions.rs"]
mod functions;
#[path = "../../tests/races/prison.rs"]
mod prison;
#[path = "../../tests/races/random_calls.rs"]
mod random_calls;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    random_calls::run(input);
});
