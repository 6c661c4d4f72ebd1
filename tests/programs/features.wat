;; Features beyond WebAssembly 3.0, where no threads run in parallel: docs/features.md.
(component
  (component
    (import "one" (implements "test:one/two@1.0.0") (instance)))
  (core module $m
    (memory (export "memory") 1)
    (memory 3 (pagesize 1))
    (func (export "sum") (param i32 i32 i32) (result i32)
      (i32.add (local.get 0) (i32.add (local.get 1) (local.get 2))))
    (func (export "length") (param i32 i32) (result i32) (local.get 1))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16))
    (func (export "run") (result i32)
      (local $high i64)
      (i64.mul_wide_u (i64.const -1) (i64.const 3))
      (local.set $high)
      (drop)
      (i32.or
        (i64.ne (local.get $high) (i64.const 2))
        (i32.ne (memory.size 1) (i32.const 3)))))
  (core instance $i (instantiate $m))
  (func (export "sum") (param "l" (list u32 3)) (result u32) (canon lift (core func $i "sum")))
  (func (export "length") (param "m" (map u32 u32)) (result u32)
    (canon lift (core func $i "length") (memory $i "memory") (realloc (func $i "realloc"))))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
