;; Shared globals: what each access does, that none is torn, and that atomic ones are atomic.
;;! shared-everything = true

(module $Globals
  (global $i32 (export "i32") (shared mut i32) (i32.const 10))
  (global $i64 (export "i64") (shared mut i64) (i64.const 0x100000000))
  (global $f32 (export "f32") (shared mut f32) (f32.const 1.5))
  (global $f64 (export "f64") (shared mut f64) (f64.const 2.5))
  (global $v128 (export "v128") (shared mut v128) (v128.const i64x2 1 2))
  (global $constant (export "constant") (shared i32) (i32.const 7))
  (global $derived (export "derived") (shared i32) (i32.add (global.get $constant) (i32.const 1)))

  (func (export "set-i32") (param i32) (global.set $i32 (local.get 0)))
  (func (export "set-i64") (param i64) (global.set $i64 (local.get 0)))
  (func (export "set-f32") (param f32) (global.set $f32 (local.get 0)))
  (func (export "set-f64") (param f64) (global.set $f64 (local.get 0)))
  (func (export "set-v128") (param v128) (global.set $v128 (local.get 0)))
  (func (export "get-i32") (result i32) (global.get $i32))
  (func (export "get-i64") (result i64) (global.get $i64))
  (func (export "get-f32") (result f32) (global.get $f32))
  (func (export "get-f64") (result f64) (global.get $f64))
  (func (export "get-v128") (result v128) (global.get $v128))

  (func (export "atomic-get-i32") (result i32) (global.atomic.get seq_cst $i32))
  (func (export "atomic-get-i64") (result i64) (global.atomic.get acq_rel $i64))
  (func (export "atomic-set-i32") (param i32) (global.atomic.set acq_rel $i32 (local.get 0)))
  (func (export "atomic-set-i64") (param i64) (global.atomic.set seq_cst $i64 (local.get 0)))
  (func (export "add-i32") (param i32) (result i32)
    (global.atomic.rmw.add seq_cst $i32 (local.get 0)))
  (func (export "sub-i32") (param i32) (result i32)
    (global.atomic.rmw.sub seq_cst $i32 (local.get 0)))
  (func (export "and-i32") (param i32) (result i32)
    (global.atomic.rmw.and seq_cst $i32 (local.get 0)))
  (func (export "or-i32") (param i32) (result i32)
    (global.atomic.rmw.or seq_cst $i32 (local.get 0)))
  (func (export "xor-i32") (param i32) (result i32)
    (global.atomic.rmw.xor seq_cst $i32 (local.get 0)))
  (func (export "xchg-i32") (param i32) (result i32)
    (global.atomic.rmw.xchg seq_cst $i32 (local.get 0)))
  (func (export "cmpxchg-i32") (param i32 i32) (result i32)
    (global.atomic.rmw.cmpxchg seq_cst $i32 (local.get 0) (local.get 1)))
  (func (export "add-i64") (param i64) (result i64)
    (global.atomic.rmw.add acq_rel $i64 (local.get 0)))
  (func (export "sub-i64") (param i64) (result i64)
    (global.atomic.rmw.sub acq_rel $i64 (local.get 0)))
  (func (export "and-i64") (param i64) (result i64)
    (global.atomic.rmw.and acq_rel $i64 (local.get 0)))
  (func (export "or-i64") (param i64) (result i64)
    (global.atomic.rmw.or acq_rel $i64 (local.get 0)))
  (func (export "xor-i64") (param i64) (result i64)
    (global.atomic.rmw.xor acq_rel $i64 (local.get 0)))
  (func (export "xchg-i64") (param i64) (result i64)
    (global.atomic.rmw.xchg acq_rel $i64 (local.get 0)))
  (func (export "cmpxchg-i64") (param i64 i64) (result i64)
    (global.atomic.rmw.cmpxchg seq_cst $i64 (local.get 0) (local.get 1))))

(assert_return (get "constant") (i32.const 7))
(assert_return (get "derived") (i32.const 8))
;;; SETS-01
(assert_return (invoke "get-i32") (i32.const 10))
;;; SETS-01
(assert_return (invoke "get-i64") (i64.const 0x100000000))
;;; SETS-01
(assert_return (invoke "get-f32") (f32.const 1.5))
;;; SETS-01
(assert_return (invoke "get-f64") (f64.const 2.5))
;;; SETS-01
(assert_return (invoke "get-v128") (v128.const i64x2 1 2))
(assert_return (invoke "set-i32" (i32.const -1)))
;;; SETS-01
(assert_return (invoke "get-i32") (i32.const -1))
(assert_return (invoke "set-i64" (i64.const -2)))
;;; SETS-01
(assert_return (invoke "get-i64") (i64.const -2))
(assert_return (invoke "set-f32" (f32.const -0.0)))
;;; SETS-01
(assert_return (invoke "get-f32") (f32.const -0.0))
(assert_return (invoke "set-f64" (f64.const inf)))
;;; SETS-01
(assert_return (invoke "get-f64") (f64.const inf))
(assert_return (invoke "set-v128" (v128.const i32x4 1 2 3 4)))
;;; SETS-01
(assert_return (invoke "get-v128") (v128.const i32x4 1 2 3 4))
;;; SETS-01
(assert_return (get "i64") (i64.const -2))

;; Atomic accesses give the value before them.
(assert_return (invoke "atomic-set-i32" (i32.const 0x7fffffff)))
;;; SETV-16
(assert_return (invoke "atomic-get-i32") (i32.const 0x7fffffff))
;;; SETV-16
(assert_return (invoke "add-i32" (i32.const 1)) (i32.const 0x7fffffff))
;;; SETV-16
(assert_return (invoke "sub-i32" (i32.const 2)) (i32.const 0x80000000))
;;; SETV-16
(assert_return (invoke "and-i32" (i32.const 0x0ffffff0)) (i32.const 0x7ffffffe))
;;; SETV-16
(assert_return (invoke "or-i32" (i32.const 0x80000001)) (i32.const 0x0ffffff0))
;;; SETV-16
(assert_return (invoke "xor-i32" (i32.const 0xffffffff)) (i32.const 0x8ffffff1))
;;; SETV-16
(assert_return (invoke "xchg-i32" (i32.const 5)) (i32.const 0x7000000e))
;;; SETV-16
(assert_return (invoke "cmpxchg-i32" (i32.const 4) (i32.const 6)) (i32.const 5))
;;; SETV-16
(assert_return (invoke "cmpxchg-i32" (i32.const 5) (i32.const 6)) (i32.const 5))
;;; SETV-16
(assert_return (invoke "atomic-get-i32") (i32.const 6))
(assert_return (invoke "atomic-set-i64" (i64.const 0x7fffffffffffffff)))
;;; SETV-16
(assert_return (invoke "atomic-get-i64") (i64.const 0x7fffffffffffffff))
;;; SETV-16
(assert_return (invoke "add-i64" (i64.const 1)) (i64.const 0x7fffffffffffffff))
;;; SETV-16
(assert_return (invoke "sub-i64" (i64.const 2)) (i64.const 0x8000000000000000))
;;; SETV-16
(assert_return (invoke "and-i64" (i64.const 0x0fffffff00000000)) (i64.const 0x7ffffffffffffffe))
;;; SETV-16
(assert_return (invoke "or-i64" (i64.const 0x8000000000000001)) (i64.const 0x0fffffff00000000))
;;; SETV-16
(assert_return (invoke "xor-i64" (i64.const 0xffffffffffffffff)) (i64.const 0x8fffffff00000001))
;;; SETV-16
(assert_return (invoke "xchg-i64" (i64.const 0x500000000)) (i64.const 0x70000000fffffffe))
;;; SETV-16
(assert_return (invoke "cmpxchg-i64" (i64.const 5) (i64.const 6)) (i64.const 0x500000000))
;;; SETV-16
(assert_return (invoke "cmpxchg-i64" (i64.const 0x500000000) (i64.const 0x600000000)) (i64.const 0x500000000))
;;; SETV-16
(assert_return (invoke "atomic-get-i64") (i64.const 0x600000000))

;; An import is the same global.
(register "globals" $Globals)
(module $Importer
  (global $i32 (import "globals" "i32") (shared mut i32))
  (global $v128 (import "globals" "v128") (shared mut v128))
  (func (export "add") (param i32) (result i32) (global.atomic.rmw.add seq_cst $i32 (local.get 0)))
  (func (export "set-v128") (param v128) (global.set $v128 (local.get 0))))
;;; SETV-16 SETS-01
(assert_return (invoke $Importer "add" (i32.const 10)) (i32.const 6))
;;; SETV-16 SETS-01
(assert_return (invoke $Globals "get-i32") (i32.const 16))
(assert_return (invoke $Importer "set-v128" (v128.const i64x2 7 8)))
;;; SETS-01
(assert_return (invoke $Globals "get-v128") (v128.const i64x2 7 8))
;;; SETV-11
(assert_unlinkable
  (module (global (import "globals" "i32") (mut i32)))
  "incompatible import type")

;; Two threads write every global by turns, all bits set or none; two others look for anything between.
(component definition $Threads
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Main
    (type (func (param i32)))
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (type $pattern (shared (func (param i64) (result i32))))
    (type $call (shared (func (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (memory 1 1 shared)
    (global $i32 (shared mut i32) (i32.const 0))
    (global $i64 (shared mut i64) (i64.const 0))
    (global $f32 (shared mut f32) (f32.const 0))
    (global $f64 (shared mut f64) (f64.const 0))
    (global $v128 (shared mut v128) (v128.const i64x2 0 0))
    (global $function (shared mut (ref null $call)) (ref.null $call))
    (global $counter32 (shared mut i32) (i32.const 0))
    (global $counter64 (shared mut i64) (i64.const 0xffffffff))
    (global $lock (shared mut i32) (i32.const 0))
    (global $guarded (shared mut i64) (i64.const 0))
    ;; 0: how many threads are done; 4: how many values were torn.
    (func $done
      (type $start) (param i32)
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (func $torn (type $start) (param $holds i32)
      (if (local.get $holds) (then (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1))))))
    ;; Neither of the two patterns, nor the zeros that were there at first.
    (func $mixed (type $pattern) (param $bits i64) (result i32)
      (i32.and
        (i32.and
          (i64.ne (local.get $bits) (i64.const 0x3f3f3f3f3f3f3f3f))
          (i64.ne (local.get $bits) (i64.const 0x4040404040404040)))
        (i64.ne (local.get $bits) (i64.const 0))))
    (func $seventeen (type $call) (result i32) (i32.const 17))
    (func $eighteen (type $call) (result i32) (i32.const 18))

    (func $write (type $start) (param $rounds i32)
      (local $bits i64)
      (loop $again
        (local.set $bits
          (select (i64.const 0x3f3f3f3f3f3f3f3f) (i64.const 0x4040404040404040)
            (i32.and (local.get $rounds) (i32.const 1))))
        (global.set $i32 (i32.wrap_i64 (local.get $bits)))
        (global.set $i64 (local.get $bits))
        (global.set $f32 (f32.reinterpret_i32 (i32.wrap_i64 (local.get $bits))))
        (global.set $f64 (f64.reinterpret_i64 (local.get $bits)))
        (global.set $v128 (i64x2.splat (local.get $bits)))
        (global.set $function
          (select (result (ref null $call)) (ref.func $seventeen) (ref.func $eighteen)
            (i32.and (local.get $rounds) (i32.const 1))))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (call $done (i32.const 0)))
    (func $read (type $start) (param $rounds i32)
      (local $wide v128) (local $narrow i64) (local $function (ref null $call)) (local $called i32)
      (loop $again
        (local.set $narrow (i64.extend_i32_u (global.get $i32)))
        (call $torn (call $mixed (i64.or (i64.shl (local.get $narrow) (i64.const 32)) (local.get $narrow))))
        (call $torn (call $mixed (global.get $i64)))
        (local.set $narrow (i64.extend_i32_u (i32.reinterpret_f32 (global.get $f32))))
        (call $torn (call $mixed (i64.or (i64.shl (local.get $narrow) (i64.const 32)) (local.get $narrow))))
        (call $torn (call $mixed (i64.reinterpret_f64 (global.get $f64))))
        (local.set $wide (global.get $v128))
        (call $torn (call $mixed (i64x2.extract_lane 0 (local.get $wide))))
        (call $torn (i64.ne (i64x2.extract_lane 0 (local.get $wide)) (i64x2.extract_lane 1 (local.get $wide))))
        (block $null
          (local.set $called (call_ref $call (br_on_null $null (global.get $function))))
          (call $torn (i32.gt_u (i32.sub (local.get $called) (i32.const 17)) (i32.const 1))))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (call $done (i32.const 0)))

    (func $count (type $start) (param $rounds i32)
      (local $old i32)
      (loop $again
        (drop (global.atomic.rmw.add seq_cst $counter32 (i32.const 3)))
        (drop (global.atomic.rmw.sub acq_rel $counter32 (i32.const 2)))
        (drop (global.atomic.rmw.add acq_rel $counter64 (i64.const 1)))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (call $done (i32.const 0)))
    ;; A lock of a global guards another one, which is not accessed atomically.
    (func $guard (type $start) (param $rounds i32)
      (loop $again
        (loop $busy
          (br_if $busy (global.atomic.rmw.cmpxchg acq_rel $lock (i32.const 0) (i32.const 1))))
        (global.set $guarded (i64.add (global.get $guarded) (i64.const 1)))
        (global.atomic.set acq_rel $lock (i32.const 0))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (call $done (i32.const 0)))
    (elem declare (ref null (shared func))
      (ref.func $seventeen) (ref.func $eighteen) (ref.func $write) (ref.func $read) (ref.func $count) (ref.func $guard))

    (func $await (param $threads i32)
      (local $seen i32)
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 0)))
        (if (i32.ne (local.get $seen) (local.get $threads))
          (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
            (br $again))))
      (i32.atomic.store (i32.const 0) (i32.const 0)))
    (func (export "torn") (param $rounds i32) (result i32)
      (drop (call $spawn (ref.func $write) (local.get $rounds)))
      (drop (call $spawn (ref.func $write) (i32.add (local.get $rounds) (i32.const 1))))
      (drop (call $spawn (ref.func $read) (local.get $rounds)))
      (drop (call $spawn (ref.func $read) (local.get $rounds)))
      (call $await (i32.const 4))
      (i32.load (i32.const 4)))
    (func (export "count") (param $rounds i32) (result i64)
      (drop (call $spawn (ref.func $count) (local.get $rounds)))
      (drop (call $spawn (ref.func $count) (local.get $rounds)))
      (drop (call $spawn (ref.func $count) (local.get $rounds)))
      (drop (call $spawn (ref.func $count) (local.get $rounds)))
      (call $await (i32.const 4))
      (i64.add (i64.extend_i32_u (global.get $counter32)) (global.get $counter64)))
    (func (export "guarded") (param $rounds i32) (result i64)
      (drop (call $spawn (ref.func $guard) (local.get $rounds)))
      (drop (call $spawn (ref.func $guard) (local.get $rounds)))
      (call $await (i32.const 2))
      (global.get $guarded)))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "torn") (param "rounds" u32) (result u32) (canon lift (core func $main "torn")))
  (func (export "count") (param "rounds" u32) (result u64) (canon lift (core func $main "count")))
  (func (export "guarded") (param "rounds" u32) (result u64) (canon lift (core func $main "guarded"))))

(component instance $threads $Threads)
;;; SETS-02 SETS-03
(assert_return (invoke $threads "torn" (u32.const 200000)) (u32.const 0))
;; 400000 of the one, and as many and 0xffffffff of the other.
;;; SETV-16 SETS-02
(assert_return (invoke $threads "count" (u32.const 100000)) (u64.const 4295767295))
;;; SETV-16 SETS-01
(assert_return (invoke $threads "guarded" (u32.const 20000)) (u64.const 40000))
