//! The host modules as components see them: every name and signature of both ABIs, and calls that arrive.

use crate::harness::{FUNCTIONS, signature};
use std::collections::BTreeSet;
use weft_parallel::{Component, Config, Engine, Linker, Val};
use weft_wasi::{MemoryOutputPipe, WasiCtx, WasiCtxBuilder};

/// A component that imports all `functions` of the core module `module` and writes a line.
fn component(module: &str, functions: &[(&str, &str)]) -> String {
    let list = |item: &dyn Fn(&str, String) -> String| -> String {
        functions
            .iter()
            .map(|(name, parameters)| item(name, signature(name, parameters)))
            .collect()
    };
    let exports = list(&|name, signature| format!("(export \"{name}\" (func {signature}))\n"));
    let imports = list(&|name, signature| format!("(import \"wasi\" \"{name}\" (func ${name} {signature}))\n"));
    format!(
        r#"(component
            (import "{module}" (core module $wasi (import "env" "memory" (memory 1 2 shared)) {exports}))
            (core module $state
                (memory (export "memory") 1 2 shared)
                (data (i32.const 16) "\20\00\00\00\06\00\00\00") (data (i32.const 32) "hello\0a"))
            (core instance $state (instantiate $state))
            (core instance $env (export "memory" (memory $state "memory")))
            (core instance $wasi (instantiate $wasi (with "env" (instance $env))))
            (core module $main
                (import "env" "memory" (memory 1 2 shared))
                {imports}
                (func (export "go") (result i32)
                    (drop (call $sched_yield))
                    (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 0)))
                (func (export "exit") (result i32) (call $proc_exit (i32.const 7)) (unreachable)))
            (core instance $main (instantiate $main (with "env" (instance $env)) (with "wasi" (instance $wasi))))
            (func (export "go") (result s32) (canon lift (core func $main "go")))
            (func (export "exit") (result s32) (canon lift (core func $main "exit"))))"#
    )
}

fn linker(engine: &Engine) -> Linker<WasiCtx> {
    let mut linker = Linker::new(engine);
    weft_wasi::add_to_linker(&mut linker, |host: &WasiCtx| host).expect("an empty linker");
    linker
}

#[test]
fn both_abis_have_every_function_with_its_type() {
    let engine = Engine::new(&Config::new()).expect("an engine");
    let linker = linker(&engine);
    let unstable: Vec<_> = FUNCTIONS
        .iter()
        .copied()
        .filter(|(name, _)| *name != "sock_accept")
        .collect();
    for (module, functions) in [("wasi-snapshot-preview1", FUNCTIONS), ("wasi-unstable", &unstable)] {
        let stdout = MemoryOutputPipe::new(100);
        let wasi = WasiCtxBuilder::new().stdout(stdout.clone()).build().expect("a context");
        let component = Component::new(&engine, component(module, functions).as_bytes()).expect("a valid component");
        assert_eq!(linker.missing(&component), Vec::<String>::new());
        let instance = linker.instantiate(&component, wasi).expect("the types are right");
        let go = instance.get_func(&["go"]).expect("exported");
        assert_eq!(go.call(&[]).expect("no trap"), Some(Val::S32(0)));
        assert_eq!(stdout.contents(), b"hello\n");
        let exit = instance.get_func(&["exit"]).expect("exported");
        let ended = exit.call(&[]).expect_err("the program has ended");
        assert!(matches!(ended, weft_parallel::Error::Exit(7)), "{ended}");
    }
}

/// A function of weft that the list of these tests lacks would have no test.
#[test]
fn the_list_has_every_function_of_weft() {
    let source = include_str!("../../src/preview1/mod.rs");
    let lines = source.lines().map(str::trim_start);
    let defined = lines.filter_map(|line| line.strip_prefix("plain ").or_else(|| line.strip_prefix("waits ")));
    let names = defined.filter_map(|line| Some(line.split_once('(')?.0));
    // Its definition differs, because it does not return.
    let names: BTreeSet<_> = names.chain(["proc_exit"]).collect();
    assert_eq!(names, FUNCTIONS.iter().map(|(name, _)| *name).collect());
}

#[test]
fn adding_twice_is_an_error() {
    let engine = Engine::new(&Config::new()).expect("an engine");
    let mut linker = linker(&engine);
    weft_wasi::add_to_linker(&mut linker, |host: &WasiCtx| host).expect_err("already there");
}
