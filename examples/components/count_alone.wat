;; A component of the world of count.wat, without threads: it adds to the counter itself.
(component
  (import "example:counting/counters@1.0.0" (instance $counters
    (export "counter" (type $counter (sub resource)))
    (export "[constructor]counter" (func (param "name" string) (result (own $counter))))
    (export "[method]counter.add" (func (param "self" (borrow $counter)) (param "amount" u32) (result u64)))))
  (alias export $counters "counter" (type $counter))

  (core module $libc
    (memory (export "memory") 1)
    (data (i32.const 16) "alone"))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))

  (core func $new (canon lower (func $counters "[constructor]counter") (memory $memory)))
  (core func $add (canon lower (func $counters "[method]counter.add")))
  (core func $drop (canon resource.drop $counter))

  (core module $main
    (import "host" "new" (func $new (param i32 i32) (result i32)))
    (import "host" "add" (func $add (param i32 i32) (result i64)))
    (import "host" "drop" (func $drop (param i32)))
    (func (export "count") (param $times i32) (result i64)
      (local $counter i32) (local $sum i64)
      (local.set $counter (call $new (i32.const 16) (i32.const 5)))
      (block $all (loop $again
        (br_if $all (i32.eqz (local.get $times)))
        (drop (call $add (local.get $counter) (i32.const 1)))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $again)))
      (local.set $sum (call $add (local.get $counter) (i32.const 0)))
      (call $drop (local.get $counter))
      (local.get $sum)))
  (core instance $main (instantiate $main
    (with "host" (instance
      (export "new" (func $new))
      (export "add" (func $add))
      (export "drop" (func $drop))))))
  (func (export "count") (param "threads" u32) (result u64) (canon lift (core func $main "count"))))
