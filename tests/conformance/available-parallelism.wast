;; thread.available-parallelism: its two spellings, its type, and its value.
;;! shared-everything = true

(component definition $Preemptive
  (canon thread.available-parallelism shared (core func $parallelism))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Main
    (type (func (result i32)))
    (type $start (shared (func (param i32))))
    (type $parallelism (shared (func (result i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (import "thread" "available-parallelism" (func $parallelism (type $parallelism)))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (memory 1 1 shared)

    ;; 0: how many threads are done; 4: how many of them saw another value.
    (func $compare (type $start) (param $value i32)
      (local $round i32)
      (loop $again
        (if (i32.ne (call $parallelism) (local.get $value))
          (then (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))))
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (br_if $again (i32.ne (local.get $round) (i32.const 100))))
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem declare (ref null $start) (ref.func $compare))

    (func (export "value") (result i32) (call $parallelism))
    (func (export "other-values") (param $threads i32) (result i32)
      (local $each i32) (local $seen i32)
      (local.set $each (local.get $threads))
      (loop $again
        (drop (call $spawn (ref.func $compare) (call $parallelism)))
        (local.set $each (i32.sub (local.get $each) (i32.const 1)))
        (br_if $again (local.get $each)))
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 0)))
        (if (i32.ne (local.get $seen) (local.get $threads))
          (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
            (br $again))))
      (i32.load (i32.const 4)))
    (func (export "at-least-one") (result i32) (i32.ge_s (call $parallelism) (i32.const 1))))
  (core instance $main (instantiate $Main
    (with "thread" (instance
      (export "available-parallelism" (func $parallelism))
      (export "spawn" (func $spawn))))))
  (func (export "at-least-one") (result bool) (canon lift (core func $main "at-least-one")))
  (func (export "other-values") (param "threads" u32) (result u32) (canon lift (core func $main "other-values"))))

;;; PAR-02 PAR-04
(component instance $preemptive $Preemptive)
;;; PAR-05 PAR-09
(assert_return (invoke $preemptive "at-least-one") (bool.const true))
;;; PAR-06
(assert_return (invoke $preemptive "other-values" (u32.const 8)) (u32.const 0))

;; The other spelling means the same.
;;; PAR-02 PAR-04
(component $underscore
  (canon thread.available_parallelism (core func $parallelism))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref $start (core func))
  (core module $Main
    (type (func (result i32)))
    (type $parallelism (shared (func (result i32))))
    (import "thread" "available-parallelism" (func $parallelism (type $parallelism)))
    (func (export "at-least-one") (result i32) (i32.ge_s (call $parallelism) (i32.const 1))))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "available-parallelism" (func $parallelism))))))
  (func (export "at-least-one") (result bool) (canon lift (core func $main "at-least-one"))))
;;; PAR-05 PAR-09
(assert_return (invoke $underscore "at-least-one") (bool.const true))

;; Without `shared`, in a component whose threads are cooperative.
;;; PAR-02 PAR-04
(component $cooperative
  (canon thread.available-parallelism (core func $parallelism))
  (canon thread.index (core func $index))
  (core module $Main
    (import "thread" "available-parallelism" (func $parallelism (result i32)))
    (func (export "at-least-one") (result i32) (i32.ge_s (call $parallelism) (i32.const 1)))
    (func (export "changes") (result i32)
      (local $value i32) (local $round i32) (local $changes i32)
      (local.set $value (call $parallelism))
      (loop $again
        (local.set $changes
          (i32.add (local.get $changes) (i32.ne (local.get $value) (call $parallelism))))
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (br_if $again (i32.ne (local.get $round) (i32.const 100))))
      (local.get $changes)))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "available-parallelism" (func $parallelism))))))
  (func (export "at-least-one") (result bool) (canon lift (core func $main "at-least-one")))
  (func (export "changes") (result u32) (canon lift (core func $main "changes"))))
;;; PAR-05 PAR-09
(assert_return (invoke $cooperative "at-least-one") (bool.const true))
;;; PAR-06
(assert_return (invoke $cooperative "changes") (u32.const 0))

;; The defined function is shared exactly if the definition says so.
;;; PAR-04 SETV-11
(assert_invalid
  (component
    (canon thread.available-parallelism shared (core func $parallelism))
    (core module $Main (import "thread" "available-parallelism" (func (result i32))))
    (core instance (instantiate $Main
      (with "thread" (instance (export "available-parallelism" (func $parallelism)))))))
  "PAR-04")
;;; PAR-04
(assert_invalid
  (component
    (canon thread.available-parallelism shared (core func $parallelism))
    (core module $Main
      (type $parallelism (shared (func (param i32) (result i32))))
      (import "thread" "available-parallelism" (func (type $parallelism))))
    (core instance (instantiate $Main
      (with "thread" (instance (export "available-parallelism" (func $parallelism)))))))
  "PAR-04")

;; The specification's encoding has a byte that says whether `shared` was written; that of wasm-tools has none.
;;; PAR-01
(component binary
  "\00asm" "\0d\00\01\00"
  "\08\03\01"                   ;; one canonical definition
  "\42\01")                     ;; thread.available-parallelism shared
;;; PAR-01
(component binary
  "\00asm" "\0d\00\01\00"
  "\08\03\01"
  "\42\00")                     ;; thread.available-parallelism
;;; PAR-01
(component binary
  "\00asm" "\0d\00\01\00"
  "\08\02\01"
  "\42")                        ;; thread.available_parallelism
;;; PAR-01
(component binary
  "\00asm" "\0d\00\01\00"
  "\08\05\02"                   ;; two canonical definitions
  "\42\01"
  "\42\00")
;;; PAR-01
(assert_malformed
  (component binary
    "\00asm" "\0d\00\01\00"
    "\08\03\01"
    "\42\02")
  "canonical")
