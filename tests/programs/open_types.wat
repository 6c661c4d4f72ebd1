;; A program without threads whose functions have types that threads could not share and that have subtypes or are in a group:
;; those of the host, its own and `_start`.
(module
  (type $write (sub (func (param i32 i32 i32 i32) (result i32))))
  (type $narrow (sub final $write (func (param i32 i32 i32 i32) (result i32))))
  (rec
    (type $exit (func (param i32)))
    (type $node (struct (field externref) (field (ref null $node)))))
  (type $main (sub (func)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (type $write)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (type $exit)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (memory (export "memory") 1)
  (global $last (mut (ref null $node)) (ref.null $node))
  (elem declare func $fd_write $proc_exit)
  (data (i32.const 0) "\08\00\00\00\05\00\00\00" "open\n")
  (func (export "_start") (type $main)
    (global.set $last (struct.new $node (ref.null extern) (global.get $last)))
    (if (ref.test (ref $narrow) (ref.func $fd_write)) (then unreachable))
    (if (call $yield) (then unreachable))
    (drop (call_ref $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16) (ref.func $fd_write)))
    (call_ref $exit (i32.const 9) (ref.func $proc_exit))))
