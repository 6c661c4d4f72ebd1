;; Shared tags: exceptions thrown and caught by shared functions, and those that a thread does not catch.
;;! shared-everything = true

(module
  (type $none (shared (func)))
  (type $number (shared (func (param i32))))
  (type $wide (shared (func (param i64 f64))))
  (type $wide-result (shared (func (result i64 f64))))
  (type $run (shared (func (param i32) (result i32))))
  (tag $none (export "none") (type $none))
  (tag $number (export "number") (type $number))
  (tag $wide (type $wide))
  (func $throws (type $run) (param $which i32) (result i32)
    (block $2 (block $1 (block $0
      (br_table $0 $1 $2 (local.get $which)))
      (throw $none))
      (throw $number (i32.const 41)))
    (throw $wide (i64.const 3) (f64.const 4)))
  (func (export "catch") (type $run) (param $which i32) (result i32)
    (local $long i64) (local $float f64)
    (block $none
      (block $number (result i32)
        (block $wide (type $wide-result)
          (try_table (catch $none $none) (catch $number $number) (catch $wide $wide)
            (return (call $throws (local.get $which))))
          (unreachable))
        (local.set $float)
        (local.set $long)
        (return (i32.trunc_f64_s (f64.add (f64.convert_i64_s (local.get $long)) (local.get $float)))))
      (return (i32.add (i32.const 1))))
    (i32.const -1))
  (func (export "catch-all") (type $run) (param $which i32) (result i32)
    (block $any
      (try_table (catch_all $any) (return (call $throws (local.get $which)))))
    (i32.const -2))
  (func (export "throw") (type $number) (param $which i32) (drop (call $throws (local.get $which)))))

(assert_return (invoke "catch" (i32.const 0)) (i32.const -1))
(assert_return (invoke "catch" (i32.const 1)) (i32.const 42))
(assert_return (invoke "catch" (i32.const 2)) (i32.const 7))
(assert_return (invoke "catch-all" (i32.const 2)) (i32.const -2))
(assert_exception (invoke "throw" (i32.const 1)))

;; One core module throws what another one catches, on whatever thread; each thread catches its own.
(component definition $Threads
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Thrower
    (type $number (shared (func (param i32))))
    (tag $number (export "number") (type $number))
    (func (export "throw") (type $number) (param i32) (throw $number (local.get 0))))
  (core instance $thrower (instantiate $Thrower))
  (core module $Main
    (type (func (param i32)))
    (type (func (param i32) (result i32)))
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (type $run (shared (func (param i32) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "thrower" "number" (tag $number (type $start)))
    (import "thrower" "throw" (func $throw (type $start)))
    (memory 1 1 shared)
    (tag $own (type $start))
    (func $catch (type $run) (param $value i32) (result i32)
      (block $caught (result i32)
        (try_table (catch $number $caught) (call $throw (local.get $value)))
        (i32.const -1)))
    ;; 0: how many threads are done; 4: a sum of what they caught.
    (func $catches (type $start) (param $rounds i32)
      (loop $again
        (drop (i32.atomic.rmw.add (i32.const 4) (call $catch (local.get $rounds))))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (func $lets-through (type $start) (param $value i32)
      (block $caught (result i32)
        (try_table (catch $own $caught) (call $throw (local.get $value)))
        (return))
      (drop))
    (elem declare (ref null $start) (ref.func $catches) (ref.func $lets-through))
    (func (export "catch") (param $rounds i32) (result i32)
      (local $seen i32)
      (drop (call $spawn (ref.func $catches) (local.get $rounds)))
      (drop (call $spawn (ref.func $catches) (local.get $rounds)))
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 0)))
        (if (i32.ne (local.get $seen) (i32.const 2))
          (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
            (br $again))))
      (i32.add (i32.load (i32.const 4)) (call $catch (local.get $rounds))))
    (func (export "uncaught") (param $value i32)
      (drop (call $spawn (ref.func $lets-through) (local.get $value)))
      (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))))
  (core instance $main (instantiate $Main
    (with "thrower" (instance $thrower))
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "catch") (param "rounds" u32) (result u32) (canon lift (core func $main "catch")))
  (func (export "uncaught") (param "value" u32) (canon lift (core func $main "uncaught"))))

(component instance $threads $Threads)
(assert_return (invoke $threads "catch" (u32.const 1000)) (u32.const 1002000))
;;; NEW-14 TRP-05 SETS-10
(assert_trap (invoke $threads "uncaught" (u32.const 1)) "exception")
;; A reference to an exception is not shared, and stays with the thread that has it: in locals and blocks, and as an operand.
;; Parameters and results are of the shared type.
(module
  (type $run (shared (func (param i32) (result i32))))
  (type $number (shared (func (param i32))))
  (type $again (shared (func (param (ref null (shared exn))))))
  (type $catch (shared (func (param i32) (result (ref null (shared exn))))))
  (tag $number (type $number))
  (global $destroyed (shared mut i32) (i32.const 0))
  (func $throws (type $number) (param $value i32) (throw $number (local.get $value)))
  (func $again (type $again) (param $caught (ref null (shared exn))) (throw_ref (local.get $caught)))
  (func $catch (type $catch) (param $value i32) (result (ref null (shared exn)))
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (call $throws (local.get $value)))
      (ref.null exn)))
  ;; What compilers make of a destructor.
  (func $cleans-up (type $number) (param $value i32)
    (local $caught exnref)
    (block $unwind (result exnref)
      (try_table (catch_all_ref $unwind) (call $throws (local.get $value)))
      (return))
    (local.set $caught)
    (global.set $destroyed (i32.add (global.get $destroyed) (i32.const 1)))
    (throw_ref (local.get $caught)))
  (func (export "clean-up") (type $run) (param $value i32) (result i32)
    (block $number (result i32)
      (try_table (catch $number $number) (call $cleans-up (local.get $value)))
      (unreachable))
    (i32.add (i32.mul (global.get $destroyed) (i32.const 1000))))
  (func (export "rethrow") (type $run) (param $value i32) (result i32)
    (block $number (result i32 exnref)
      (try_table (catch_ref $number $number) (call $again (call $catch (local.get $value))))
      (unreachable))
    (call $again)
    (unreachable)))

(assert_return (invoke "clean-up" (i32.const 5)) (i32.const 1005))
(assert_exception (invoke "rethrow" (i32.const 5)))

;; It cannot get where another thread finds it.
;;; SETV-05 SETV-09
(assert_invalid (module (global (shared exnref) (ref.null exn))) "shared")
;;; SETV-05 SETV-10
(assert_invalid (module (table shared 1 exnref)) "shared")
;;; SETV-05 SETV-08
(assert_invalid (module (type (shared (struct (field exnref))))) "shared")
;;; SETV-05
(assert_invalid
  (module
    (type $f (shared (func)))
    (global $g (shared mut (ref null (shared exn))) (ref.null (shared exn)))
    (func (type $f)
      (block $caught (result exnref) (try_table (catch_all_ref $caught)) (return))
      (global.set $g)))
  "type mismatch")
;;; SETV-05
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t shared 1 (ref null (shared exn)))
    (func (type $f) (local $caught exnref) (table.set $t (i32.const 0) (local.get $caught))))
  "type mismatch")
;;; SETV-05
(assert_invalid
  (module
    (type $f (shared (func)))
    (type $s (shared (struct (field (mut (ref null (shared exn)))))))
    (func (type $f) (local $caught exnref) (drop (struct.new $s (local.get $caught)))))
  "type mismatch")
(module definition
  (type $f (shared (func)))
  (func (type $f)
    (block $caught (try_table (catch_all $caught)))))
