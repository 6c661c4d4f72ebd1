;; As much of WASI preview 1 as the programs need, for an engine without WASI: arguments, and writing to any descriptor. What a C
;; library imports beside that is not called.
(module
  (import "env" "memory" (memory 1 65536 shared))
  ;; The arguments, each with a zero byte behind it: how many, their size in all, and the byte at an index.
  (import "bench" "arguments" (func $arguments (result i32)))
  (import "bench" "arguments-size" (func $arguments_size (result i32)))
  (import "bench" "argument-byte" (func $argument_byte (param $index i32) (result i32)))
  ;; Takes a byte of output.
  (import "bench" "output-byte" (func $output_byte (param $byte i32)))

  (func (export "clock_time_get") (param i32 i64 i32) (result i32) (unreachable))
  (func (export "fd_close") (param i32) (result i32) (unreachable))
  (func (export "fd_seek") (param i32 i64 i32 i32) (result i32) (unreachable))

  (func (export "args_sizes_get") (param $count i32) (param $size i32) (result i32)
    (i32.store (local.get $count) (call $arguments))
    (i32.store (local.get $size) (call $arguments_size))
    (i32.const 0))

  (func (export "args_get") (param $pointers i32) (param $bytes i32) (result i32)
    (local $index i32)
    (local $begins i32)
    (local $byte i32)
    (local.set $begins (i32.const 1))
    (loop $next
      (if (i32.lt_u (local.get $index) (call $arguments_size))
        (then
          (if (local.get $begins)
            (then
              (i32.store (local.get $pointers) (i32.add (local.get $bytes) (local.get $index)))
              (local.set $pointers (i32.add (local.get $pointers) (i32.const 4)))))
          (local.set $byte (call $argument_byte (local.get $index)))
          (i32.store8 (i32.add (local.get $bytes) (local.get $index)) (local.get $byte))
          (local.set $begins (i32.eqz (local.get $byte)))
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br $next))))
    (i32.const 0))

  (func (export "fd_write")
    (param $fd i32) (param $iovecs i32) (param $count i32) (param $written i32) (result i32)
    (local $total i32)
    (local $at i32)
    (local $left i32)
    (loop $next_iovec
      (if (local.get $count)
        (then
          (local.set $at (i32.load (local.get $iovecs)))
          (local.set $left (i32.load offset=4 (local.get $iovecs)))
          (local.set $total (i32.add (local.get $total) (local.get $left)))
          (loop $next_byte
            (if (local.get $left)
              (then
                (call $output_byte (i32.load8_u (local.get $at)))
                (local.set $at (i32.add (local.get $at) (i32.const 1)))
                (local.set $left (i32.sub (local.get $left) (i32.const 1)))
                (br $next_byte))))
          (local.set $iovecs (i32.add (local.get $iovecs) (i32.const 8)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br $next_iovec))))
    (i32.store (local.get $written) (local.get $total))
    (i32.const 0)))
