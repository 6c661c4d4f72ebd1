;; A component as the specification spells it: a thread is spawned, and stores what it was given.
(component
  (core module $state
    (type $start (shared (func (param i32))))
    (memory (export "memory") 1 1 shared)
    (table (export "table") shared 1 1 (ref null (shared func)))
    (elem (table 0) (i32.const 0) (ref null (shared func)) (ref.func $thread))
    (func $thread (type $start)
      (i32.atomic.store (i32.const 0) (local.get 0))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))
  (core instance $state (instantiate $state))
  (core type $start (shared (func (param i32))))
  (alias core export $state "table" (core table $table))
  (core func $spawn (canon thread.spawn-indirect shared $start (core table $table)))
  (core func $parallelism (canon thread.available-parallelism shared))
  (core module $main
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $parallelism (shared (func (result i32))))
    (import "state" "memory" (memory 1 1 shared))
    (import "threads" "spawn" (func $spawn (type $spawn)))
    (import "threads" "parallelism" (func $parallelism (type $parallelism)))
    ;; An error unless the thread stores 7 and there is a processor.
    (func (export "run") (result i32)
      (drop (call $spawn (i32.const 0) (i32.const 7)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (i32.or
        (i32.ne (i32.atomic.load (i32.const 0)) (i32.const 7))
        (i32.lt_s (call $parallelism) (i32.const 1)))))
  (core instance $main (instantiate $main
    (with "state" (instance $state))
    (with "threads" (instance (export "spawn" (func $spawn)) (export "parallelism" (func $parallelism))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $run)))
