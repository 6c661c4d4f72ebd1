;; A program with 64-bit addresses. WASI preview 1 has 32-bit pointers.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") i64 1)
  (table $calls i64 1 funcref)
  (elem (table $calls) (i64.const 0) func $exit)
  (data (i64.const 0) "\08\00\00\00\06\00\00\00" "hello\n")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
    (drop (memory.grow (i64.const 1)))
    (i64.store (i64.const 131064) (i64.load32_u (i64.const 16)))
    (call_indirect $calls (param i32) (i32.wrap_i64 (i64.load (i64.const 131064))) (i64.const 0))))
