//! Generated components on both runtimes: weft's own, and Wasmtime's component runtime.
//!
//! **Problem.** A component without threads must behave the same on both runtimes, whatever its types are. **Here,**
//! the tests generate components with random types, whose functions take and return values and call a host function
//! with values. Random values go through each component on both runtimes, with some bytes of the memory changed in
//! between. After each call, the tests compare the result, the arguments that the host got, the trap and all of the
//! memory. The component logs its calls of `realloc` in the memory, and stores handles as numbers there, so these are
//! compared too.
//!
//! Wasmtime 48 does not pass values through memories with 64-bit addresses. There, weft's side is compared with the values that
//! went in.

mod bytes;
mod compare;
mod convert;
mod generate;
mod ours;
#[path = "../../../host/abi/tests/abi/random.rs"]
mod random;
mod text;
mod theirs;
mod traps;

use bytes::Bytes;
use compare::{Counts, Engines};
use rand::SeedableRng;
use rand::rngs::SmallRng;

/// How many components, and how many rounds of calls through each.
const COMPONENTS: u64 = 320;
const ROUNDS: u32 = 40;

#[test]
fn generated_components_do_the_same_on_both_runtimes() -> Result<(), String> {
    let engines = Engines::new();
    let mut counts = Counts::default();
    let mut differences = Vec::new();
    for seed in 0.. {
        let random = &mut SmallRng::seed_from_u64(seed);
        if let Err(error) = compare::component(&engines, random, ROUNDS, &mut counts) {
            differences.push(format!("seed {seed}: {error}"));
        }
        if counts.components >= COMPONENTS {
            break;
        }
    }
    if let Some(first) = differences.first() {
        return Err(format!("{} differences, the first: {first}", differences.len()));
    }
    println!("{counts:?}");
    // Each kind of outcome is frequent.
    assert!(counts.rounds - counts.wide >= 10_000, "{counts:?}");
    let least = [counts.values, counts.traps, counts.handles, counts.spilled]
        .into_iter()
        .min();
    assert!(least > Some(500), "{counts:?}");
    Ok(())
}

/// As the fuzz target does it, which chooses its bytes better.
#[test]
fn any_bytes_are_a_component_and_calls() -> Result<(), String> {
    let engines = Engines::new();
    let mut counts = Counts::default();
    let bytes: Vec<u8> = (0..4000_u32)
        .map(|number| (number.wrapping_mul(0x9e37_79b1) >> 13) as u8)
        .collect();
    for begin in 0..60 {
        compare::component(&engines, &mut Bytes(&bytes[begin * 7..]), 4, &mut counts)?;
    }
    compare::component(&engines, &mut Bytes(&[]), 4, &mut counts)?;
    assert!(counts.components > 10, "{counts:?}");
    Ok(())
}
