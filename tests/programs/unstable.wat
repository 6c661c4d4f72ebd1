;; One thread, an unshared memory that is defined and exported, and the import names of the first preview of WASI:
;; the form of hand-written tutorials.
(module
  (import "wasi_unstable" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_unstable" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "hello from wasi_unstable\n")
  (func $main (export "_start")
    (i32.store (i32.const 0) (i32.const 8))
    (i32.store (i32.const 4) (i32.const 25))
    (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64))
      (then (call $proc_exit (i32.const 2))))
    (call $proc_exit (i32.const 5))))
