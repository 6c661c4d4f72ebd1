(module
    (import "example:door/host@1.0.0" "log" (func $log (param i32 i32)))
    (import "example:door/host@1.0.0" "slow-add" (func $slow_add (param i32 i32) (result i32)))
    (import "example:door/host@1.0.0" "lookup" (func $lookup (param i32 i32 i32)))
    (import "example:door/host@1.0.0" "[constructor]counter" (func $counter (param i32) (result i32)))
    (import "example:door/host@1.0.0" "[method]counter.add" (func $add (param i32 i32) (result i32)))
    (import "example:door/host@1.0.0" "[resource-drop]counter" (func $drop_counter (param i32)))
    (import "wasi:cli/stdout@0.2.0" "get-stdout" (func $stdout (result i32)))
    (import "wasi:cli/exit@0.2.0" "exit" (func $exit (param i32)))
    (import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush"
        (func $write (param i32 i32 i32 i32)))
    (import "wasi:io/streams@0.2.0" "[resource-drop]output-stream" (func $drop_stream (param i32)))
    THREADS
    ;; Where the free memory begins. Globals are each thread's own in the wasi-threads ABI.
    (data (i32.const 64) "\00\04\00\00")
    (data (i32.const 256) "Hello, ")
    (data (i32.const 272) "it ran\n")

    (func $realloc (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
        (local $at i32)
        (local.set $at (i32.and (i32.add (i32.load (i32.const 64)) (i32.const 7)) (i32.const -8)))
        (i32.store (i32.const 64) (i32.add (local.get $at) (local.get $new)))
        (memory.copy (local.get $at) (local.get $old) (local.get $size))
        (local.get $at))

    (func (export "greet") (param $name i32) (param $length i32) (result i32) (local $text i32)
        (local.set $text
            (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $length) (i32.const 7))))
        (memory.copy (local.get $text) (i32.const 256) (i32.const 7))
        (memory.copy (i32.add (local.get $text) (i32.const 7)) (local.get $name) (local.get $length))
        (call $log (local.get $text) (i32.add (local.get $length) (i32.const 7)))
        (i32.store (i32.const 16) (local.get $text))
        (i32.store (i32.const 20) (i32.add (local.get $length) (i32.const 7)))
        (i32.const 16))

    (func (export "count") (param $n i32) (result i32) (local $counter i32) (local $sum i32)
        (local.set $counter (call $counter (i32.const 100)))
        (loop $again
            (local.set $sum (call $add (local.get $counter) (local.get $n)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
        (call $drop_counter (local.get $counter))
        (local.get $sum))

    (func $peek (export "peek") (param $counter i32) (result i32) (local $sum i32)
        (local.set $sum (call $add (local.get $counter) (i32.const 1)))
        (call $drop_counter (local.get $counter))
        (local.get $sum))
    (func (export "take") (param $counter i32) (result i32) (call $peek (local.get $counter)))

    (func (export "sum") (param i32 i32) (result i32) (call $slow_add (local.get 0) (local.get 1)))

    (func (export "find") (param i32 i32) (result i32)
        (call $lookup (local.get 0) (local.get 1) (i32.const 32))
        (i32.const 32))

    (func $say (export "say") (param $text i32) (param $length i32) (local $stream i32)
        (local.set $stream (call $stdout))
        (call $write (local.get $stream) (local.get $text) (local.get $length) (i32.const 48))
        (call $drop_stream (local.get $stream)))

    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "spin") (loop $again (br $again)))
    (func (export "fail") (unreachable))
    (func (export "leave") (call $exit (i32.const 1)))
    (func (export "wasi:cli/run@0.2.0#run") (result i32)
        (call $say (i32.const 272) (i32.const 7))
        (i32.const 0)))
