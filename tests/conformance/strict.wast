;; What only the letter of the specification refuses: weft allows it unless it is told to be strict (docs/extensions.md).
;;! shared-everything = true
;;! strict = true

;; The built-ins other than spawn and available-parallelism are unshared, so a shared function cannot call them.
;;; SETV-23 CTX-21
(assert_invalid
  (component
    (canon context.get i32 0 (core func $get))
    (core module $Main
      (type $get (shared (func (result i32))))
      (import "context" "get" (func $get (type $get))))
    (core instance (instantiate $Main (with "context" (instance (export "get" (func $get)))))))
  "CTX-07")
;;; CTX-07 CTX-21 SETV-02
(assert_invalid
  (component
    (canon context.get i32 0 (core func $get))
    (core module $Main
      (type $unshared (func (result i32)))
      (type $shared (shared (func (result i32))))
      (import "context" "get" (func $get (type $unshared)))
      (func (type $shared) (call $get)))
    (core instance (instantiate $Main (with "context" (instance (export "get" (func $get)))))))
  "SETV-02")
;;; CTX-07 CTX-21
(component definition
  (canon context.get i32 0 (core func $get))
  (core module $Main
    (import "context" "get" (func $get (result i32)))
    (func (result i32) (call $get)))
  (core instance (instantiate $Main (with "context" (instance (export "get" (func $get)))))))
;;; SETV-23
(assert_invalid
  (component
    (canon thread.index (core func $index))
    (core module $Main
      (type $index (shared (func (result i32))))
      (import "thread" "index" (func $index (type $index))))
    (core instance (instantiate $Main (with "thread" (instance (export "index" (func $index)))))))
  "IDX-01")
;;; SETV-23
(assert_invalid
  (component
    (import "f" (func $f))
    (canon lower (func $f) (core func $lowered))
    (core module $Main
      (type $f (shared (func)))
      (import "" "f" (func (type $f))))
    (core instance (instantiate $Main (with "" (instance (export "f" (func $lowered)))))))
  "SETV-23")
;;; SETV-23
(component definition
  (import "f" (func $f))
  (canon lower (func $f) (core func $lowered))
  (core module $Main (import "" "f" (func)))
  (core instance (instantiate $Main (with "" (instance (export "f" (func $lowered)))))))

;; A shared function cannot be lifted.
;;; SETV-23
(assert_invalid
  (component
    (core module $Main
      (type $f (shared (func)))
      (func (export "f") (type $f)))
    (core instance $main (instantiate $Main))
    (func (export "f") (canon lift (core func $main "f"))))
  "SETV-23")
;;; SETV-23
(component definition
  (core module $Main (func (export "f")))
  (core instance $main (instantiate $Main))
  (func (export "f") (canon lift (core func $main "f"))))

;; Options name an unshared memory.
;;; SETV-22
(assert_invalid
  (component
    (core module $Main
      (memory (export "memory") 1 1 shared)
      (func (export "f") (result i32) (i32.const 0)))
    (core instance $main (instantiate $Main))
    (func (export "f") (result string)
      (canon lift (core func $main "f") (memory (core memory $main "memory")))))
  "core memory 0, which is shared")
;;; SETV-22
(component definition
  (core module $Main
    (memory (export "memory") 1)
    (func (export "f") (result i32) (i32.const 0)))
  (core instance $main (instantiate $Main))
  (func (export "f") (result string)
    (canon lift (core func $main "f") (memory (core memory $main "memory")))))

;; No segment is shared, since none can be marked so.
;;; SETV-04
(assert_invalid
  (module
    (type $f (shared (func)))
    (data $d "data")
    (func (type $f) (data.drop $d)))
  "SETV-04")
;;; SETV-04
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1 1 shared)
    (data $d "data")
    (func (type $f) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0))))
  "SETV-04")
;;; SETV-04
(assert_invalid
  (module
    (type $f (shared (func)))
    (elem $e (ref null (shared func)))
    (func (type $f) (elem.drop $e)))
  "SETV-04")
;;; SETV-04
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t shared 1 (ref null (shared func)))
    (elem $e (ref null (shared func)))
    (func (type $f) (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 0))))
  "SETV-04")
(module definition
  (data $d "data")
  (elem $e (ref null (shared func)))
  (func (data.drop $d) (elem.drop $e)))

;; A reference to an exception is not shared, so no shared function has one.
;;; SETV-05
(assert_invalid
  (module
    (type $f (shared (func)))
    (func (type $f)
      (block $caught (result (ref exn)) (try_table (catch_all_ref $caught)) (return))
      (drop)))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $f (shared (func)))
    (func (type $f) (local exnref)))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $f (shared (func)))
    (func (type $f) (drop (block (result exnref) (unreachable)))))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $f (shared (func)))
    (func (type $f)
      (block $caught (result (ref null (shared exn))) (try_table (catch_all_ref $caught)) (return))
      (drop)))
  "catch_all_ref")
(module definition
  (func
    (block $caught (result (ref exn)) (try_table (catch_all_ref $caught)) (return))
    (drop)))

;; The built-ins that are shared themselves.
;;; SETV-23 SPAWN-IND-10 SPAWN-REF-08 PAR-04
(component definition
  (core module $State (table (export "functions") shared 1 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn-indirect))
  (canon thread.spawn-ref shared $start (core func $spawn-ref))
  (canon thread.available-parallelism shared (core func $parallelism))
  (core module $Main
    (type $start (shared (func (param i32))))
    (type $spawn-indirect (shared (func (param i32 i32) (result i32))))
    (type $spawn-ref (shared (func (param (ref null $start) i32) (result i32))))
    (type $parallelism (shared (func (result i32))))
    (import "thread" "spawn-indirect" (func $spawn-indirect (type $spawn-indirect)))
    (import "thread" "spawn-ref" (func $spawn-ref (type $spawn-ref)))
    (import "thread" "parallelism" (func $parallelism (type $parallelism)))
    (func $f (type $start) (param i32)
      (drop (call $spawn-indirect (i32.const 0) (i32.const 0)))
      (drop (call $spawn-ref (ref.null $start) (i32.const 0)))
      (drop (call $parallelism))))
  (core instance (instantiate $Main
    (with "thread" (instance
      (export "spawn-indirect" (func $spawn-indirect))
      (export "spawn-ref" (func $spawn-ref))
      (export "parallelism" (func $parallelism)))))))

;; Functions by their indices are of an unshared type.
;;; SETV-13
(assert_invalid
  (module
    (type $f (shared (func)))
    (func $f (type $f))
    (table $t shared 1 (ref null (shared func)))
    (elem (table $t) (i32.const 0) func $f))
  "SETV-13")
