;; Threads use the resources of another component: each makes, lends and drops its own, and all of them lend one that is shared.
(component
  (component $owner
    (core module $libc
      (type $take (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (memory (export "memory") 1 1 shared)
      (func (export "destroy") (type $take) (drop (i32.atomic.rmw.add (i32.const 0) (local.get 0))))
      (func (export "destroyed") (type $get) (i32.atomic.load (i32.const 0))))
    (core instance $libc (instantiate $libc))
    (type $r' (resource (rep i32) (dtor (core func $libc "destroy"))))
    (core func $new (canon resource.new $r'))
    (core module $m
      (type $unary (shared (func (param i32) (result i32))))
      (import "" "new" (func $new (type $unary)))
      (func (export "make") (type $unary) (call $new (local.get 0)))
      (func (export "value") (type $unary) (local.get 0)))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (export $r "r" (type $r'))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make")))
    (func (export "value") (param "r" (borrow $r)) (result u32) (canon lift (core func $m "value")))
    (func (export "destroyed") (result u32) (canon lift (core func $libc "destroyed"))))
  (instance $owner (instantiate $owner))
  (component $reader
    (import "r" (type $r (sub resource)))
    (import "value" (func $value (param "r" (borrow $r)) (result u32)))
    (core func $value (canon lower (func $value)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (type $unary (shared (func (param i32) (result i32))))
      (type $take (shared (func (param i32))))
      (import "" "value" (func $value (type $unary)))
      (import "" "drop" (func $drop (type $take)))
      (func (export "read") (type $unary) (param $r i32) (result i32) (local $value i32)
        (local.set $value (call $value (local.get $r)))
        (call $drop (local.get $r))
        (local.get $value)))
    (core instance $m (instantiate $m (with "" (instance (export "value" (func $value)) (export "drop" (func $drop))))))
    (func (export "read") (param "r" (borrow $r)) (result u32) (canon lift (core func $m "read"))))
  (instance $reader (instantiate $reader
    (with "r" (type $owner "r")) (with "value" (func $owner "value"))))
  (component $threads
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (param "rep" u32) (result (own $r))))
    (import "read" (func $read (param "r" (borrow $r)) (result u32)))
    (core module $libc
      (memory (export "memory") 1 1 shared)
      (table (export "table") shared 1 1 (ref null (shared func))))
    (core instance $libc (instantiate $libc))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect shared $start (table $libc "table")))
    (core func $make (canon lower (func $make)))
    (core func $read (canon lower (func $read)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (type $start (shared (func (param i32))))
      (type $unary (shared (func (param i32) (result i32))))
      (type $binary (shared (func (param i32 i32) (result i32))))
      (import "libc" "memory" (memory 1 1 shared))
      (import "libc" "table" (table $table shared 1 1 (ref null (shared func))))
      (import "host" "spawn" (func $spawn (type $binary)))
      (import "host" "make" (func $make (type $unary)))
      (import "host" "read" (func $read (type $unary)))
      (import "host" "drop" (func $drop (type $start)))
      ;; The sum of what the threads read is at 8, and how many are done at 0.
      (func $thread (type $start) (param $shared i32) (local $own i32) (local $left i32)
        (local.set $left (i32.const 100))
        (loop $again
          (local.set $own (call $make (i32.const 1)))
          (drop (i32.atomic.rmw.add (i32.const 8) (call $read (local.get $own))))
          (drop (i32.atomic.rmw.add (i32.const 8) (call $read (local.get $shared))))
          (call $drop (local.get $own))
          (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $thread))
      (func (export "run") (param $threads i32) (result i32) (local $shared i32) (local $left i32) (local $done i32)
        (local.set $shared (call $make (i32.const 1000)))
        (local.set $left (local.get $threads))
        (loop $start
          (drop (call $spawn (i32.const 0) (local.get $shared)))
          (br_if $start (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (loop $wait
          (local.set $done (i32.atomic.load (i32.const 0)))
          (if (i32.lt_u (local.get $done) (local.get $threads)) (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $done) (i64.const -1)))
            (br $wait))))
        ;; Nobody has borrowed it any more.
        (call $drop (local.get $shared))
        (i32.atomic.load (i32.const 8))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "host" (instance
        (export "spawn" (func $spawn)) (export "make" (func $make)) (export "read" (func $read)) (export "drop" (func $drop))))))
    (func (export "run") (param "threads" u32) (result u32) (canon lift (core func $m "run"))))
  (instance $threads (instantiate $threads
    (with "r" (type $owner "r")) (with "make" (func $owner "make")) (with "read" (func $reader "read"))))
  (export "run" (func $threads "run"))
  (export "destroyed" (func $owner "destroyed")))
