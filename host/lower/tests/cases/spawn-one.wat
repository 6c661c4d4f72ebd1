;; One spawn. The start function writes to a shared memory and notifies.
(component
  (core module $m
    (type $start (shared (func (param i32))))
    (memory (export "memory") 1 2 shared)
    (table (export "table") shared 2 2 (ref null (shared func)))
    (elem (table 0) (i32.const 1) (ref null (shared func)) (ref.func $run))
    (func $run (type $start)
      (i32.atomic.store offset=8 (i32.const 0) (local.get 0))
      (drop (memory.atomic.notify offset=8 (i32.const 0) (i32.const 1)))))
  (core instance $i (instantiate $m))
  (core type $start (shared (func (param i32))))
  (alias core export $i "table" (core table $table))
  (core func $spawn (canon thread.spawn-indirect $start (core table $table)))
  (core module $main
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (import "threads" "spawn" (func $spawn (type $spawn)))
    (func (export "run") (result i32) (call $spawn (i32.const 1) (i32.const 77))))
  (core instance $main (instantiate $main
    (with "threads" (instance (export "spawn" (func $spawn))))))
  (func (export "run") (result u32) (canon lift (core func $main "run"))))
