//! Tests of what the self-test refuses. Each test uses a signal of its own, because the self-test runs only once for a
//! signal that passes.

use super::*;
use crate::Unsupported;

/// The error of a self-test with another module than its own. `module` is text.
fn refusal(signal: i32, module: &str) -> String {
    let engine = Engine::new(&Config::new()).unwrap();
    let compile = |_: &[u8]| Module::new(&engine, wat::parse_str(module).unwrap());
    match Interrupter::new(&engine, signal, compile).err() {
        Some(Unsupported::SelfTest(message)) => message,
        other => panic!("it gave {other:?}"),
    }
}

#[test]
fn a_guest_that_is_not_interrupted_is_refused() {
    let module = r#"(module (import "weft" "pause" (func)) (func (export "o")))"#;
    let signal = libc::SIGRTMAX() - 1;
    assert_eq!(refusal(signal, module), "the guest paused 0 times and not twice");
    // A refusal is not remembered: with its own module the test passes.
    assert!(Kernels::that_interrupt_themselves(signal).guest().pauses_in_calls() > 0);
}

#[test]
fn a_guest_that_pauses_too_often_is_refused() {
    let module = r#"(module (import "weft" "pause" (func $pause)) (func (export "o") (call $pause) (call $pause)))"#;
    let refusal = refusal(libc::SIGRTMAX() - 2, module);
    assert_eq!(refusal, "the guest paused 3 times and not twice");
}

#[test]
fn a_function_that_is_not_where_the_module_says_is_refused() {
    let module = r#"(module (import "weft" "pause" (func $pause)) (func) (func (export "o") (call $pause)))"#;
    let refusal = refusal(libc::SIGRTMAX() - 3, module);
    assert_eq!(refusal, "a function reference is not laid out as expected");
}

#[test]
fn a_module_that_is_not_compiled_is_refused() {
    let engine = Engine::new(&Config::new()).unwrap();
    let compile = |_: &[u8]| Err(wasmtime::Error::msg("there is no compiler"));
    let refused = Interrupter::new(&engine, libc::SIGRTMAX() - 4, compile).err();
    assert_eq!(refused, Some(Unsupported::SelfTest("there is no compiler".to_owned())));
}
