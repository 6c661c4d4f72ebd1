;; References to shared functions: in locals, parameters, results, blocks and globals, and the instructions on them.
;;! shared-everything = true

(module
  (type (func (result i32)))
  (type (func (param i32) (result i32)))
  (type $f (shared (func (result i32))))
  (type $super (sub (shared (func (param i32) (result i32)))))
  (type $sub (sub $super (shared (func (param i32) (result i32)))))
  (type $swap (shared (func (param (ref null $f) (ref null $f)) (result (ref null $f) (ref null $f)))))
  (type $choose (shared (func (param i32) (result (ref null $f)))))

  (func $one (type $f) (result i32) (i32.const 1))
  (func $two (type $f) (result i32) (i32.const 2))
  (func $twice (type $super) (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func $thrice (type $sub) (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
  (elem declare (ref null (shared func)) (ref.func $one) (ref.func $two) (ref.func $twice) (ref.func $thrice))
  (global $one (shared (ref $f)) (ref.func $one))
  (global $variable (shared mut (ref null (shared func))) (ref.null (shared func)))

  (func $swap (type $swap) (param (ref null $f) (ref null $f)) (result (ref null $f) (ref null $f))
    (local.get 1) (local.get 0))
  (func $choose (type $choose) (param i32) (result (ref null $f))
    (if (i32.eqz (local.get 0)) (then (return (ref.null $f))))
    (if (result (ref null $f)) (i32.eq (local.get 0) (i32.const 1))
      (then (ref.func $one))
      (else (ref.func $two))))

  (func (export "call") (param i32) (result i32) (call_ref $f (call $choose (local.get 0))))
  (func (export "return-call") (param i32) (result i32) (return_call_ref $f (call $choose (local.get 0))))
  (func (export "is-null") (param i32) (result i32) (ref.is_null (call $choose (local.get 0))))
  (func (export "as-non-null") (param i32) (result i32) (call_ref $f (ref.as_non_null (call $choose (local.get 0)))))
  (func (export "br-on-null") (param i32) (result i32)
    (block $null
      (return (call_ref $f (br_on_null $null (call $choose (local.get 0))))))
    (i32.const -1))
  (func (export "br-on-non-null") (param i32) (result i32)
    (block $some (result (ref $f))
      (br_on_non_null $some (call $choose (local.get 0)))
      (return (i32.const -1)))
    (call_ref $f))
  (func (export "swapped") (result i32)
    (local $a (ref null $f)) (local $b (ref null $f))
    (call $swap (call $choose (i32.const 1)) (call $choose (i32.const 2)))
    (local.set $b)
    (local.set $a)
    (i32.add (i32.mul (call_ref $f (local.get $a)) (i32.const 10)) (call_ref $f (local.get $b))))
  (func (export "local") (result i32)
    (local $r (ref null (shared func)))
    (i32.add
      (ref.is_null (local.get $r))
      (ref.is_null (local.tee $r (ref.func $one)))))
  (func (export "select") (param i32) (result i32)
    (call_ref $f (select (result (ref $f)) (ref.func $one) (ref.func $two) (local.get 0))))
  (func (export "loop") (param $rounds i32) (result i32)
    (local $b (ref null $f))
    (ref.func $one)
    (ref.func $two)
    (loop $again (param (ref $f) (ref $f)) (result (ref $f) (ref $f))
      (call $swap)
      (local.set $b)
      (ref.as_non_null)
      (ref.as_non_null (local.get $b))
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $again (local.get $rounds)))
    (drop)
    (call_ref $f))
  (func (export "constant") (result i32) (call_ref $f (global.get $one)))
  (func (export "set-global") (param i32) (global.set $variable (call $choose (local.get 0))))
  (func (export "get-global") (result i32)
    (local $r (ref null (shared func)))
    (local.set $r (global.get $variable))
    (if (ref.is_null (local.get $r)) (then (return (i32.const -1))))
    (call_ref $f (ref.cast (ref $f) (local.get $r))))
  ;; By subtypes.
  (func $pick (param i32) (result (ref null (shared func)))
    (if (i32.eqz (local.get 0)) (then (return (ref.func $one))))
    (if (i32.eq (local.get 0) (i32.const 1)) (then (return (ref.func $twice))))
    (if (i32.eq (local.get 0) (i32.const 2)) (then (return (ref.func $thrice))))
    (ref.null (shared nofunc)))
  (func (export "call-super") (param i32) (result i32)
    (call_ref $super (i32.const 7) (ref.cast (ref $super) (call $pick (local.get 0)))))
  (func (export "test-super") (param i32) (result i32) (ref.test (ref $super) (call $pick (local.get 0))))
  (func (export "test-sub") (param i32) (result i32) (ref.test (ref $sub) (call $pick (local.get 0))))
  (func (export "test-null") (param i32) (result i32) (ref.test (ref null $sub) (call $pick (local.get 0))))
  (func (export "br-on-cast") (param i32) (result i32)
    (block $is (result (ref $sub))
      (drop (br_on_cast $is (ref null (shared func)) (ref $sub) (call $pick (local.get 0))))
      (return (i32.const -1)))
    (drop)
    (i32.const 1)))

;;; SETV-05 SETV-08
(assert_return (invoke "call" (i32.const 1)) (i32.const 1))
;;; SETV-05 SETV-08
(assert_return (invoke "call" (i32.const 2)) (i32.const 2))
;;; SETV-05 SETV-08
(assert_trap (invoke "call" (i32.const 0)) "null")
;;; SETV-05 SETV-08
(assert_return (invoke "return-call" (i32.const 2)) (i32.const 2))
;;; SETV-05 SETV-08
(assert_trap (invoke "return-call" (i32.const 0)) "null")
;;; SETV-05 SETV-08
(assert_return (invoke "is-null" (i32.const 0)) (i32.const 1))
;;; SETV-05 SETV-08
(assert_return (invoke "is-null" (i32.const 1)) (i32.const 0))
;;; SETV-05 SETV-08
(assert_return (invoke "as-non-null" (i32.const 2)) (i32.const 2))
;;; SETV-05 SETV-08
(assert_trap (invoke "as-non-null" (i32.const 0)) "null")
;;; SETV-05 SETV-08
(assert_return (invoke "br-on-null" (i32.const 0)) (i32.const -1))
;;; SETV-05 SETV-08
(assert_return (invoke "br-on-null" (i32.const 1)) (i32.const 1))
;;; SETV-05 SETV-08
(assert_return (invoke "br-on-non-null" (i32.const 0)) (i32.const -1))
;;; SETV-05 SETV-08
(assert_return (invoke "br-on-non-null" (i32.const 2)) (i32.const 2))
;;; SETV-05 SETV-08
(assert_return (invoke "swapped") (i32.const 21))
;;; SETV-05 SETV-08
(assert_return (invoke "local") (i32.const 1))
;;; SETV-05 SETV-08
(assert_return (invoke "select" (i32.const 1)) (i32.const 1))
;;; SETV-05 SETV-08
(assert_return (invoke "select" (i32.const 0)) (i32.const 2))
;;; SETV-05 SETV-08
(assert_return (invoke "loop" (i32.const 1)) (i32.const 2))
;;; SETV-05 SETV-08
(assert_return (invoke "loop" (i32.const 2)) (i32.const 1))
;;; SETV-05 SETV-08
(assert_return (invoke "loop" (i32.const 7)) (i32.const 2))
;;; SETV-09 SETV-24
(assert_return (invoke "constant") (i32.const 1))
;;; SETV-09
(assert_return (invoke "get-global") (i32.const -1))
(assert_return (invoke "set-global" (i32.const 2)))
;;; SETV-09
(assert_return (invoke "get-global") (i32.const 2))
(assert_return (invoke "set-global" (i32.const 0)))
;;; SETV-09
(assert_return (invoke "get-global") (i32.const -1))
;;; SETV-11
(assert_return (invoke "call-super" (i32.const 1)) (i32.const 14))
;;; SETV-11
(assert_return (invoke "call-super" (i32.const 2)) (i32.const 21))
;;; SETV-11
(assert_trap (invoke "call-super" (i32.const 0)) "cast")
;;; SETV-11
(assert_trap (invoke "call-super" (i32.const 3)) "cast")
;;; SETV-11
(assert_return (invoke "test-super" (i32.const 0)) (i32.const 0))
;;; SETV-11
(assert_return (invoke "test-super" (i32.const 1)) (i32.const 1))
;;; SETV-11
(assert_return (invoke "test-super" (i32.const 2)) (i32.const 1))
;;; SETV-11
(assert_return (invoke "test-super" (i32.const 3)) (i32.const 0))
;;; SETV-11
(assert_return (invoke "test-sub" (i32.const 0)) (i32.const 0))
;;; SETV-11
(assert_return (invoke "test-sub" (i32.const 1)) (i32.const 0))
;;; SETV-11
(assert_return (invoke "test-sub" (i32.const 2)) (i32.const 1))
;;; SETV-11
(assert_return (invoke "test-sub" (i32.const 3)) (i32.const 0))
;;; SETV-11
(assert_return (invoke "test-null" (i32.const 0)) (i32.const 0))
;;; SETV-11
(assert_return (invoke "test-null" (i32.const 1)) (i32.const 0))
;;; SETV-11
(assert_return (invoke "test-null" (i32.const 2)) (i32.const 1))
;;; SETV-11
(assert_return (invoke "test-null" (i32.const 3)) (i32.const 1))
;;; SETV-11
(assert_return (invoke "br-on-cast" (i32.const 0)) (i32.const -1))
;;; SETV-11
(assert_return (invoke "br-on-cast" (i32.const 1)) (i32.const -1))
;;; SETV-11
(assert_return (invoke "br-on-cast" (i32.const 2)) (i32.const 1))
;;; SETV-11
(assert_return (invoke "br-on-cast" (i32.const 3)) (i32.const -1))

;; References that go from thread to thread: through globals and tables; what a thread is given it can call.
(component definition $Threads
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Main
    (type (func (param i32) (result i32)))
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (type $unary (shared (func (param i32) (result i32))))
    (type $compose (shared (func (param i32 (ref $unary)) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (memory 1 1 shared)
    (global $given (shared mut (ref null $unary)) (ref.null $unary))
    (table $given-too shared 2 2 (ref null $unary))
    (func $next (type $unary) (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func $double (type $unary) (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func $twice (type $compose) (param i32 (ref $unary)) (result i32)
      (call_ref $unary (call_ref $unary (local.get 0) (local.get 1)) (local.get 1)))
    ;; Applies what it was given, and gives a function in return.
    (func $applies (type $start) (param $to i32)
      (i32.store (i32.const 4)
        (call_ref $unary
          (call $twice (local.get $to) (ref.as_non_null (global.get $given)))
          (table.get $given-too (i32.const 1))))
      (global.set $given (ref.func $double))
      (table.set $given-too (i32.const 0) (ref.func $next))
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem declare (ref null (shared func)) (ref.func $next) (ref.func $double) (ref.func $applies))
    (func (export "run") (param $to i32) (result i32)
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (global.set $given (ref.func $next))
      (table.set $given-too (i32.const 1) (ref.func $double))
      (drop (call $spawn (ref.func $applies) (local.get $to)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      ;; (to + 1 + 1) * 2, then * 2 by the one and + 1 by the other.
      (call_ref $unary
        (call_ref $unary (i32.load (i32.const 4)) (global.get $given))
        (table.get $given-too (i32.const 0)))))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "run") (param "to" u32) (result u32) (canon lift (core func $main "run"))))

(component instance $threads $Threads)
;;; SETV-07 SETV-09 SETS-02
(assert_return (invoke $threads "run" (u32.const 5)) (u32.const 29))
;;; SETV-07 SETV-09 SETS-02
(assert_return (invoke $threads "run" (u32.const 0)) (u32.const 9))
