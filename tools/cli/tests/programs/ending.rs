//! One thread ends the program, in every way, while the others are busy, at once or after they have certainly blocked.
//! If anything other than the program's end ended the others, they would print it; if nothing did, the run would never
//! end.

use crate::WORKERS;
use weft_tests::{Case, Stdin};

const MEANWHILE: [&str; 5] = ["wait", "spin", "sleep", "stdin", "compute"];

/// Milliseconds before the end. They choose an interleaving; what is expected does not depend on them.
const DELAYS: [&str; 2] = ["0", "20"];

/// A trap: the program's name for it, and what the message says.
const TRAPS: [(&str, &str, &str); 4] = [
    ("trap", "unreachable", "unreachable"),
    ("divide", "divide", "integer divide by zero"),
    ("bounds", "out_of_bounds", "out of bounds memory access"),
    ("overflow", "overflow", "call stack exhausted"),
];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for meanwhile in MEANWHILE {
        for delay in DELAYS {
            cases.push(ending("exit", meanwhile, delay).status(7));
            cases.push(ending("return", meanwhile, delay));
            cases.push(trap(TRAPS[0], meanwhile, delay));
        }
    }
    cases.extend(TRAPS[1..].iter().map(|kind| trap(*kind, "wait", "0")));
    cases
}

fn ending(how: &str, meanwhile: &str, delay: &str) -> Case {
    Case::run("ending.wasm")
        .named(format!("ending.wasm, {how} while others {meanwhile}, delay {delay}"))
        .arguments([how, meanwhile, delay])
        .stdin(Stdin::Open)
        .stdout("begun\n")
        .times(3)
        .workers(WORKERS)
}

/// The message names the thread, the trap, and the functions by the names that they have in the source.
fn trap((how, function, message): (&str, &str, &str), meanwhile: &str, delay: &str) -> Case {
    let callers: &[&str] = if how == "overflow" {
        &[]
    } else {
        &["finish", "run_ender"]
    };
    let parts = ["thread", message, function].into_iter().chain(callers.iter().copied());
    ending(how, meanwhile, delay).status(134).stderr(parts)
}
