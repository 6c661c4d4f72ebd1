//! Decode, check, unshare and lower any bytes: an error or an output, never a panic.
//!
//! Panics of dependencies that the passes catch end the fuzzer as well, as libFuzzer aborts in the panic hook: so the hook is
//! taken away, and what comes out of a pass is looked at instead.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::Once;
use weft_lower::LowerError;

static WITHOUT_HOOK: Once = Once::new();

fuzz_target!(|input: &[u8]| {
    WITHOUT_HOOK.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let passes: [fn(&[u8]) -> Result<(), LowerError>; 4] = [
        |input| weft_lower::lower(input).map(drop),
        |input| weft_lower::unshare(input).map(drop),
        |input| weft_lower::unshare_module(input).map(drop),
        |input| weft_lower::threads(input).map(drop),
    ];
    for pass in passes {
        if std::panic::catch_unwind(|| pass(input)).is_err() {
            std::process::abort();
        }
    }
});
