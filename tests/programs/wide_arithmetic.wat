;; A feature beyond WebAssembly 3.0, in a module that is adapted.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (local $high i64)
    (i64.mul_wide_u (i64.const -1) (i64.const 8))
    (local.set $high)
    (drop)
    (call $proc_exit (i32.wrap_i64 (local.get $high)))))
