//! Names of threads, which a host function gives.

use std::sync::Arc;

use weft_parallel::{Caller, Linker};

use crate::support::{self, Host, Program, component, engine, trap, watched};

/// `name` names the calling thread: so many times `ä`.
const CODE: &str = r#"
    (func $names (type $unary) (param i32) (result i32) (call $name (local.get 0)) (i32.const 0))
    (func (export "names") (type $unary) (param i32) (result i32) (call $names (local.get 0)))
    (func (export "traps") (type $unary) (param i32) (result i32) unreachable)
    (func (export "names-and-traps") (type $unary) (param i32) (result i32) (drop (call $names (local.get 0))) unreachable)"#;

/// The name and the text of the trap after these calls, each with an argument.
fn trap_after(calls: &[(&str, i32)]) -> (Option<String>, String) {
    let unary = "(param \"n\" s32) (result s32)";
    let program = Program {
        code: CODE,
        exports: &[("names", unary), ("traps", unary), ("names-and-traps", unary)],
        imports: &[("name", "(param i32)")],
        ..Program::default()
    };
    let engine = engine(1);
    let mut linker: Linker<Arc<Host>> = support::linker(&engine);
    let name = |caller: Caller<'_, Arc<Host>>, count: i32| caller.data().set_name(&"ä".repeat(count as usize));
    linker.module("host").func_wrap("name", name).expect("new");
    let instance = linker
        .instantiate(&component(&engine, &program.text()), Host::new())
        .expect("an instance");
    let mut last = None;
    for (export, argument) in calls {
        let func = instance.get_func(&[export]).expect("exported");
        last = Some(support::call(&func, &[*argument]));
    }
    let trap = trap(last.expect("a call that traps"));
    (trap.thread_name().map(str::to_owned), trap.to_string())
}

#[test]
fn a_trap_shows_the_name_of_its_thread() {
    watched(|| {
        let (name, text) = trap_after(&[("names-and-traps", 2)]);
        assert_eq!(name.as_deref(), Some("ää"));
        assert!(text.starts_with("thread 1 \"ää\": wasm trap"), "{text}");
        // The limit is in the middle of no character.
        let (name, _) = trap_after(&[("names-and-traps", 33)]);
        assert_eq!(name, Some("ä".repeat(32)));
    });
}

#[test]
fn a_call_does_not_keep_the_name_of_the_one_before() {
    watched(|| {
        let (name, text) = trap_after(&[("names", 3), ("traps", 0)]);
        assert_eq!(name, None);
        assert!(text.starts_with("thread 1: wasm trap"), "{text}");
    });
}
