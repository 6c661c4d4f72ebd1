//! Decode, check, unshare and lower any bytes: an error or an output, never a panic.
//!
//! Panics of dependencies that the passes catch end the fuzzer as well, as libFuzzer aborts in the panic hook: so the hook is
//! taken away, and what comes out of a pass is looked at instead.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::Once;
use weft_lower::{Input, LowerError, Profile, Rules};

static WITHOUT_HOOK: Once = Once::new();

fuzz_target!(|input: &[u8]| {
    WITHOUT_HOOK.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let passes: [fn(&Input<'_>) -> Result<(), LowerError>; 5] = [
        |input| input.inspect().map(drop),
        |input| input.validate(Rules::Strict),
        |input| match input {
            Input::Component(component) => component.threads().map(drop),
            Input::Module(_) => Ok(()),
        },
        |input| match input {
            Input::Component(component) => component.lower().map(drop),
            Input::Module(_) => Ok(()),
        },
        |input| match input {
            Input::Component(component) => component.unshare(Profile::Full).map(drop),
            Input::Module(module) => module.unshare().map(drop),
        },
    ];
    let without_panic = |pass: fn(&Input<'_>) -> Result<(), LowerError>| {
        let run = std::panic::catch_unwind(|| Input::read(input).and_then(|input| pass(&input)));
        if run.is_err() {
            std::process::abort();
        }
    };
    passes.into_iter().for_each(without_panic);
});
