;; One component defines the resource `counter`, and another one has two threads count with a counter that it borrows.
(component
  (component $Counters
    ;; The representation of a counter is its address.
    (core module $libc
      (type $new (shared (func (result i32))))
      (type $take (shared (func (param i32))))
      (memory (export "memory") 1 1 shared)
      (data (i32.const 0) "\08\00\00\00") ;; where free memory begins
      (func (export "allocate") (type $new) (i32.atomic.rmw.add (i32.const 0) (i32.const 8)))
      ;; The number of counters that were dropped.
      (func (export "destroy") (type $take) (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1))))
      (func (export "dropped") (type $new) (i32.atomic.load (i32.const 4))))
    (core instance $libc (instantiate $libc))
    (type $counter' (resource (rep i32) (dtor (core func $libc "destroy"))))
    (core func $new (canon resource.new $counter'))
    (core module $main
      (type $new (shared (func (result i32))))
      (type $unary (shared (func (param i32) (result i32))))
      (type $add (shared (func (param i32 i32))))
      (import "libc" "memory" (memory 1 1 shared))
      (import "libc" "allocate" (func $allocate (type $new)))
      (import "host" "new" (func $handle (type $unary)))
      (func (export "new") (type $new) (call $handle (call $allocate)))
      ;; The component that defines a resource gets the representation of what it borrows.
      (func (export "add") (type $add) (drop (i32.atomic.rmw.add (local.get 0) (local.get 1))))
      (func (export "get") (type $unary) (i32.atomic.load (local.get 0))))
    (core instance $main (instantiate $main
      (with "libc" (instance $libc))
      (with "host" (instance (export "new" (func $new))))))
    (export $counter "counter" (type $counter'))
    (func (export "new") (result (own $counter)) (canon lift (core func $main "new")))
    (func (export "add") (param "counter" (borrow $counter)) (param "number" u32) (canon lift (core func $main "add")))
    (func (export "get") (param "counter" (borrow $counter)) (result u32) (canon lift (core func $main "get")))
    (func (export "dropped") (result u32) (canon lift (core func $libc "dropped"))))
  (instance $counters (instantiate $Counters))

  (component $Threads
    (import "counters" (instance $counters
      (export "counter" (type $counter (sub resource)))
      (export "add" (func (param "counter" (borrow $counter)) (param "number" u32)))))
    (alias export $counters "counter" (type $counter))
    (core module $libc
      (memory (export "memory") 1 1 shared)
      (table (export "table") shared 1 1 (ref null (shared func))))
    (core instance $libc (instantiate $libc))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect $start (table $libc "table")))
    (core func $add (canon lower (func $counters "add")))
    (core func $drop (canon resource.drop $counter))
    (core module $main
      (type $start (shared (func (param i32))))
      (type $binary (shared (func (param i32 i32) (result i32))))
      (type $add (shared (func (param i32 i32))))
      (import "libc" "memory" (memory 1 1 shared))
      (import "libc" "table" (table $table shared 1 1 (ref null (shared func))))
      (import "host" "spawn" (func $spawn (type $binary)))
      (import "host" "add" (func $add (type $add)))
      (import "host" "drop" (func $drop (type $start)))
      ;; The threads lend the same handle at the same time. How many are done is at address 0.
      (func $count (type $start) (param $counter i32) (local $left i32)
        (local.set $left (i32.const 1000))
        (loop $again
          (call $add (local.get $counter) (i32.const 1))
          (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $count))
      (func (export "count") (type $start) (param $counter i32) (local $done i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (call $spawn (i32.const 0) (local.get $counter)))
        (drop (call $spawn (i32.const 0) (local.get $counter)))
        (loop $wait
          (local.set $done (i32.atomic.load (i32.const 0)))
          (if (i32.lt_u (local.get $done) (i32.const 2)) (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $done) (i64.const -1)))
            (br $wait))))
        ;; What was borrowed is dropped before the call returns.
        (call $drop (local.get $counter))))
    (core instance $main (instantiate $main
      (with "libc" (instance $libc))
      (with "host" (instance (export "spawn" (func $spawn)) (export "add" (func $add)) (export "drop" (func $drop))))))
    (func (export "count") (param "counter" (borrow $counter)) (canon lift (core func $main "count"))))
  (instance $threads (instantiate $Threads (with "counters" (instance $counters))))

  (export "counters" (instance $counters))
  (export "count" (func $threads "count")))
