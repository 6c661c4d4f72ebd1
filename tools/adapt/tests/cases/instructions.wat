;; Tail calls, SIMD, relaxed SIMD, saturation, sign extension, multiple values, atomics.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (memory 1 1 shared)
  (func $pair (param i32) (result i32 i32) (local.get 0) (i32.extend8_s (local.get 0)))
  (func $tail (param i32) (result i32 i32) (return_call $pair (local.get 0)))
  (func (export "_start") (local $v v128)
    (call $tail (i32.trunc_sat_f64_s (f64.const 1e10)))
    (loop $again (param i32 i32) (br_if $again (i32.const 0)) (drop) (drop))
    (local.set $v (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get $v) (local.get $v)))
    (v128.store (i32.const 0) (f32x4.relaxed_madd (local.get $v) (local.get $v) (local.get $v)))
    (i64.atomic.store (i32.const 8) (i64.const 1))
    (atomic.fence)))
