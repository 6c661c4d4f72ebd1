;; A component that exports `count` and imports a counter. Threads that it starts add to the counter at the same time.
(component
  (import "example:counting/counters@1.0.0" (instance $counters
    (export "counter" (type $counter (sub resource)))
    (export "[constructor]counter" (func (param "name" string) (result (own $counter))))
    (export "[method]counter.add" (func (param "self" (borrow $counter)) (param "amount" u32) (result u64)))))
  (alias export $counters "counter" (type $counter))

  (core module $libc
    (memory $memory (export "memory") 1 1 shared)
    (table (export "table") shared 1 1 (ref null (shared func)))
    (data (memory $memory) (i32.const 16) "threads"))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "table" (core table $table))

  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-indirect $start $table))
  (core func $new (canon lower (func $counters "[constructor]counter") (memory $memory)))
  (core func $add (canon lower (func $counters "[method]counter.add")))
  (core func $drop (canon resource.drop $counter))

  (core module $main
    (type $start (shared (func (param i32))))
    (type $pair (shared (func (param i32 i32) (result i32))))
    (type $add (shared (func (param i32 i32) (result i64))))
    (type $count (shared (func (param i32) (result i64))))
    (import "libc" "memory" (memory 1 1 shared))
    (import "libc" "table" (table $table shared 1 1 (ref null (shared func))))
    (import "host" "spawn" (func $spawn (type $pair)))
    (import "host" "new" (func $new (type $pair)))
    (import "host" "add" (func $add (type $add)))
    (import "host" "drop" (func $drop (type $start)))
    ;; Each thread adds 1, and says at address 0 that it is done.
    (func $thread (type $start) (param $counter i32)
      (drop (call $add (local.get $counter) (i32.const 1)))
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (item (ref.func $thread)))
    ;; Gives what the counter says when all threads are done.
    (func (export "count") (type $count) (param $threads i32) (result i64)
      (local $counter i32) (local $started i32) (local $done i32) (local $sum i64)
      (local.set $counter (call $new (i32.const 16) (i32.const 7)))
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (block $all (loop $again
        (br_if $all (i32.ge_u (local.get $started) (local.get $threads)))
        (if (i32.eqz (call $spawn (i32.const 0) (local.get $counter))) (then (unreachable)))
        (local.set $started (i32.add (local.get $started) (i32.const 1)))
        (br $again)))
      (loop $again
        (local.set $done (i32.atomic.load (i32.const 0)))
        (if (i32.ne (local.get $done) (local.get $threads)) (then
          (drop (memory.atomic.wait32 (i32.const 0) (local.get $done) (i64.const -1)))
          (br $again))))
      (local.set $sum (call $add (local.get $counter) (i32.const 0)))
      (call $drop (local.get $counter))
      (local.get $sum)))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "host" (instance
      (export "spawn" (func $spawn))
      (export "new" (func $new))
      (export "add" (func $add))
      (export "drop" (func $drop))))))
  (func (export "count") (param "threads" u32) (result u64) (canon lift (core func $main "count"))))
