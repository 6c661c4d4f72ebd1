//! Programs with threads, in text: a core module of the wasi-threads ABI, adapted and run.
//!
//! A test writes `$main` and `$thread`, and perhaps functions of its own. What they share is here: every function of
//! preview 1 under its name, a memory in which each thread has a frame, and starting and joining threads.

use super::{FUNCTIONS, Host, engine, linker, signature};
use std::sync::Mutex;
use weft_parallel::{Component, Instance};
use weft_wasi::WasiCtxBuilder;

/// Frames of 64 KiB, the first of which is the threads' in common: how many have finished is at 0, and flags of the
/// tests' are behind it. In each frame, an answer is at 0, an array at 64, and data from 1024 on.
const PRELUDE: &str = r#"
    (import "env" "memory" (memory 16 32 shared))
    (export "memory" (memory 0))
    (import "wasi" "thread-spawn" (func $thread_spawn (param i32) (result i32)))

    (func (export "wasi_thread_start") (param $index i32) (param $number i32)
        (call $thread (local.get $number) (call $frame (local.get $number)))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))

    (func (export "_start") (call $main (call $frame (i32.const 0))))

    (func $frame (param $number i32) (result i32)
        (i32.shl (i32.add (local.get $number) (i32.const 1)) (i32.const 16)))

    ;; Starts the threads 1 to $count.
    (func $spawn (param $count i32)
        (loop $next
            (call $expect (i32.gt_s (call $thread_spawn (local.get $count)) (i32.const 0)) (i32.const 1) (i32.const 1))
            (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))

    ;; Waits until $count threads have finished.
    (func $join (param $count i32) (local $seen i32)
        (block $done (loop $again
            (br_if $done (i32.eq (local.tee $seen (i32.atomic.load (i32.const 0))) (local.get $count)))
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
            (br $again))))

    ;; Ends the program with a status that says where what was found.
    (func $expect (param $found i32) (param $expected i32) (param $where i32)
        (if (i32.ne (local.get $found) (local.get $expected))
            (then (call $proc_exit (i32.add (i32.mul (local.get $where) (i32.const 1000)) (local.get $found))))))

    ;; Makes the frame's array one iovec for $length bytes of its data.
    (func $iovec (param $frame i32) (param $length i32)
        (i32.store offset=64 (local.get $frame) (i32.add (local.get $frame) (i32.const 1024)))
        (i32.store offset=68 (local.get $frame) (local.get $length)))

    ;; Writes or reads so many bytes of the frame's data.
    (func $write (param $frame i32) (param $fd i32) (param $length i32) (result i32)
        (call $iovec (local.get $frame) (local.get $length))
        (call $fd_write (local.get $fd) (i32.add (local.get $frame) (i32.const 64)) (i32.const 1) (local.get $frame)))
    (func $read (param $frame i32) (param $fd i32) (param $length i32) (result i32)
        (call $iovec (local.get $frame) (local.get $length))
        (call $fd_read (local.get $fd) (i32.add (local.get $frame) (i32.const 64)) (i32.const 1) (local.get $frame)))

    ;; Opens the path of $length bytes at the frame's data.
    (func $open (param $frame i32) (param $length i32) (param $oflags i32) (param $rights i64) (param $flags i32)
        (result i32)
        (call $path_open (i32.const 3) (i32.const 1) (i32.add (local.get $frame) (i32.const 1024)) (local.get $length)
            (local.get $oflags) (local.get $rights) (i64.const 0) (local.get $flags) (local.get $frame)))

    ;; The number of bytes before the first that is not $byte.
    (func $run_of (param $address i32) (param $length i32) (param $byte i32) (result i32) (local $at i32)
        (loop $next
            (if (i32.and
                    (i32.lt_u (local.get $at) (local.get $length))
                    (i32.eq (i32.load8_u (i32.add (local.get $address) (local.get $at))) (local.get $byte)))
                (then (local.set $at (i32.add (local.get $at) (i32.const 1))) (br $next))))
        (local.get $at))
"#;

/// An instance of the program whose `$main` (with its frame) and `$thread` (with number and frame) are in `functions`.
pub fn instantiate(functions: &str, builder: &mut WasiCtxBuilder) -> Instance<Host> {
    let imports = FUNCTIONS.iter().map(|(name, parameters)| {
        let ty = signature(name, parameters);
        format!("(import \"wasi_snapshot_preview1\" \"{name}\" (func ${name} {ty}))\n")
    });
    let module = format!("(module {} {PRELUDE} {functions})", imports.collect::<String>());
    let module = wat::parse_str(module).expect("a valid module");
    let component = weft_adapt::adapt(&module).expect("a module of the wasi-threads ABI");
    let component = Component::new(engine(), &component).expect("a valid component");
    let host = Host {
        wasi: builder.build().expect("a context"),
        staged: Mutex::default(),
    };
    linker().instantiate(&component, host).expect("an instance")
}

/// Runs the program, and gives its exit status.
pub fn run(functions: &str, builder: &mut WasiCtxBuilder) -> i32 {
    instantiate(functions, builder).run().expect("no trap")
}
