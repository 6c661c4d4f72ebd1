//! Compares the Canonical ABI of `weft-abi` with Wasmtime's own component runtime.
//!
//! **Problem.** The crate's own tests check only its author's reading of the specification. **Here,** random values of
//! random types go through a component on Wasmtime, and through `weft-abi` with the same memory and the same `realloc`.
//! The tests compare the core values, every byte of the memory, the calls of `realloc`, the lifted values, and whether
//! there is a trap. Wasmtime's validator compares the flattened types.

mod component;
#[path = "../../../host/abi/tests/abi/random.rs"]
mod random;
mod sides;

use component::Text;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use sides::{Engine, Ours};
use weft_abi::types::{Param, Types};
use weft_abi::{AddressWidth, Options, TypeError};
use weft_tests::types::ENCODINGS;
use weft_tests::values::without_odd_nans;

/// How many types, and how many values of each.
const TYPES: u64 = 600;
const VALUES: u64 = 10;

#[test]
fn random_values_pass_as_on_the_engine() -> Result<(), TypeError> {
    let engine = sides::engine();
    let (mut lowered, mut values, mut traps) = (0, 0, 0);
    for seed in 0..TYPES {
        let random = &mut SmallRng::seed_from_u64(seed);
        let mut types = Types::new();
        let params = random::names(random.random_range(1..5))
            .into_iter()
            .map(|name| Ok((name, random::ty(random, &mut types, 3)?)))
            .collect::<Result<Vec<_>, TypeError>>()?;
        let result = params[0].1;
        let func = types.add_func(params, Some(result))?;
        let func = &types[func];
        let options = Options {
            width: AddressWidth::W32,
            encoding: ENCODINGS[seed as usize % ENCODINGS.len()],
        };
        // The engine has no function of some of the types.
        let Some(text) = Text::new(&types, func, options) else {
            continue;
        };
        let component = sides::compile(&engine, &text.0, seed);

        for _ in 0..VALUES {
            let value = |param: &Param| random::value(random, &types, param.item.ty);
            let mut arguments = Vec::from_iter(func.params.iter().map(value));
            arguments.iter_mut().for_each(without_odd_nans);
            let mut ours = Ours::new();
            let Some(()) = ours.lower(&types, options, func, &arguments) else {
                continue;
            };
            let mut theirs = Engine::new(&engine, &component);
            theirs.lower(&arguments);
            let memory = theirs.memory();
            if let Some(at) = ours
                .memory
                .iter()
                .zip(&memory)
                .position(|(ours, theirs)| ours != theirs)
            {
                let (ours, theirs) = (&ours.memory[at..at + 16], &memory[at..at + 16]);
                panic!(
                    "seed {seed}: byte {at:#x}: {ours:x?}, engine {theirs:x?}: {arguments:?}\n{}",
                    text.0
                );
            }
            lowered += 1;

            // What was lowered, with some bytes changed, is lifted as a result.
            for changes in [0, 1, 3] {
                let (mut content, passed) = ours.result(&types, options, func, &arguments[0]);
                let passed = if changes > 1 && random.random() {
                    random.random_range(0..0x400)
                } else {
                    passed
                };
                for _ in 0..changes {
                    let position = random.random_range(0..content.len());
                    content[position] = [random.random(), 0, 1, 8, 0xff][random.random_range(0..5)];
                }
                let mine = sides::lift(&types, options, func, passed, &content);
                let yours = Engine::new(&engine, &component).lift(func, passed, &content);
                match (&mine, &yours) {
                    (Ok(mine), Ok(yours)) => {
                        assert_eq!(mine, yours, "seed {seed}\n{}", text.0);
                        values += 1;
                    }
                    (Err(_), Err(_)) => traps += 1,
                    (Ok(_), Err(_)) | (Err(_), Ok(_)) => {
                        panic!("seed {seed}: {mine:?}, engine {yours:?}\n{}", text.0);
                    }
                }
            }
        }
    }
    assert!(
        lowered > 1_000 && values > 1_000 && traps > 300,
        "{lowered} lowered, {values} lifted, {traps} traps"
    );
    println!("{lowered} lowered, {values} lifted, {traps} traps");
    Ok(())
}
