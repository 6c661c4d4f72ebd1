//! The touched pages of threads' stacks count against the program's limit of memory.
#![cfg(target_os = "linux")]

use wasmtime::{Config, Engine};
use weft_cooperative::wasmtime_wasi::WasiCtx;
use weft_cooperative::{DEFAULT_MAX_WASM_STACK, Error, Host, Profile};
use weft_cooperative::{compile, configure, configure_stacks, in_tokio, instantiate, run};

const MIB: u64 = 1 << 20;

/// `$deep` recurses 20,000 times, which takes some 300 KiB. `$waits` does so and waits for ever,
/// `$ends` does so and ends. `$flat` waits at once.
fn command(body: &str) -> String {
    format!(
        r#"(component
            (core module $t (table (export "t") 3 funcref))
            (core instance $t (instantiate $t))
            (core type $start (func (param i32)))
            (core func $new (canon thread.new-indirect $start (core table $t "t")))
            (core func $resume (canon thread.yield-then-resume))
            (core func $suspend (canon thread.suspend))
            (core module $m
                (import "" "t" (table 3 funcref))
                (import "" "new" (func $new (param i32 i32) (result i32)))
                (import "" "resume" (func $resume (param i32) (result i32)))
                (import "" "suspend" (func $suspend (result i32)))
                (memory 1)
                (func $deep (param $n i32) (result i32)
                    (if (result i32) (local.get $n)
                        (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $n) (i32.const 1)))))
                        (else (i32.const 0))))
                (func $waits (param i32)
                    (drop (call $deep (i32.const 20000)))
                    (drop (call $suspend)))
                (func $ends (param i32)
                    (drop (call $deep (i32.const 20000))))
                (func $flat (param i32)
                    (drop (call $suspend)))
                (elem (i32.const 0) func $waits $ends $flat)
                ;; Starts so many threads, one after the other.
                (func $threads (param $function i32) (param $count i32)
                    (loop $next
                        (drop (call $resume (call $new (local.get $function) (i32.const 0))))
                        (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
                (func (export "run") (result i32) {body}))
            (core instance $m (instantiate $m (with "" (instance
                (export "t" (table $t "t"))
                (export "new" (func $new))
                (export "suspend" (func $suspend))
                (export "resume" (func $resume))))))
            (func $run async (result (result)) (canon lift (core func $m "run")))
            (instance $run (export "run" (func $run)))
            (export "wasi:cli/run@0.3.0" (instance $run)))"#
    )
}

/// Runs a command with a limit of 64 MiB.
fn status(body: &str) -> Result<i32, Error> {
    let mut config = Config::new();
    configure_stacks(configure(&mut config), DEFAULT_MAX_WASM_STACK);
    let engine = Engine::new(&config).expect("an engine");
    let component = compile(&engine, command(body).as_bytes(), Profile::Full)?;
    let linker = Host::linker(&engine, false)?;
    let host = Host::new(WasiCtx::builder().build()).max_memory(64 * MIB);
    let mut store = host.into_store(&engine);
    let stacks = store.data().stacks();
    in_tokio(stacks.during(async {
        let instance = instantiate(&linker, &mut store, &component).await?;
        run(&mut store, &instance).await
    }))??
}

#[test]
fn threads_that_were_deep_and_wait_do_not_exceed_the_limit() {
    match status("(call $threads (i32.const 0) (i32.const 2000)) (i32.const 0)") {
        Err(Error::Trap(trap)) => {
            let message = trap.message();
            assert!(message.contains("the thread's stack takes"), "{message}");
            assert!(message.contains("`--max-memory`"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

/// The stacks fit the limit, but leave too little for the memory.
#[test]
fn stacks_and_memories_share_the_limit() {
    const GROW: &str = "(i32.eq (memory.grow (i32.const 640)) (i32.const -1))";
    assert_eq!(status(GROW).expect("no trap"), 0, "40 MiB fit");
    let deep = format!("(call $threads (i32.const 0) (i32.const 120)) {GROW}");
    assert_eq!(status(&deep).expect("no trap"), 1, "36 MiB of stacks and 40 MiB do not");
}

#[test]
fn threads_that_have_ended_give_back_their_stacks() {
    let body = "(call $threads (i32.const 1) (i32.const 1000)) (i32.const 0)";
    assert_eq!(status(body).expect("a stack at a time"), 0);
}

/// Each stack is charged 16 KiB, however little of it is touched.
#[test]
fn many_stacks_that_are_hardly_touched_count_too() {
    let body = "(call $threads (i32.const 2) (i32.const 3500))
        (i32.eq (memory.grow (i32.const 640)) (i32.const -1))";
    assert_eq!(status(body).expect("no trap"), 1);
}
