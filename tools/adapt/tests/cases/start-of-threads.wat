;; Each thread runs the start function, and segments of its own are never dropped.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (memory (export "memory") 1 1 shared)
  (global $g (mut i32) (i32.const 1))
  (table 1 funcref)
  (data $d "data")
  (elem $e funcref (ref.func $main))
  (func $s
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 4))
    (table.init $e (i32.const 0) (i32.const 0) (i32.const 1))
    (data.drop $d)
    (elem.drop $e)
    (global.set $g (i32.const 7)))
  (start $s)
  (func $main (export "_start") (drop (call $spawn (i32.const 0))))
  (func (export "wasi_thread_start") (param i32 i32)
    (if (i32.ne (global.get $g) (i32.const 7)) (then (unreachable)))))
