//! Any component and any values on both runtimes: whatever one does, the other does too. What has to hold is said where the calls are
//! made, which a test of the workspace shares.

#![no_main]
#![allow(dead_code, reason = "the tests use more")]

#[path = "../../tests/both_runtimes/bytes.rs"]
mod bytes;
#[path = "../../tests/both_runtimes/compare.rs"]
mod compare;
#[path = "../../tests/both_runtimes/convert.rs"]
mod convert;
#[path = "../../tests/both_runtimes/generate.rs"]
mod generate;
#[path = "../../tests/both_runtimes/ours.rs"]
mod ours;
#[path = "../../../host/abi/tests/abi/random.rs"]
mod random;
#[path = "../../tests/both_runtimes/text.rs"]
mod text;
#[path = "../../tests/both_runtimes/theirs.rs"]
mod theirs;
#[path = "../../tests/both_runtimes/traps.rs"]
mod traps;

use bytes::Bytes;
use compare::{Counts, Engines};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

static ENGINES: OnceLock<Engines> = OnceLock::new();

fuzz_target!(|input: &[u8]| {
    let engines = ENGINES.get_or_init(Engines::new);
    let compared = compare::component(engines, &mut Bytes(input), 4, &mut Counts::default());
    if let Err(difference) = compared {
        panic!("{difference}");
    }
});
