;;! shared-everything = true
;; Components with parallel threads, and components without threads, import from each other, although they are on two runtimes.

;; Resources, and how many of them there are. It has no threads.
(component $plain
  (core module $M
    (global $live (mut i32) (i32.const 0))
    (global $dropped (mut i32) (i32.const 0))
    (func (export "made") (param i32) (result i32)
      (global.set $live (i32.add (global.get $live) (i32.const 1)))
      (local.get 0))
    (func (export "dtor") (param i32)
      (global.set $live (i32.sub (global.get $live) (i32.const 1)))
      (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
    (func (export "live") (result i32) (global.get $live))
    (func (export "dropped") (result i32) (global.get $dropped))
    (func (export "read") (param i32) (result i32) (local.get 0)))
  (core instance $m (instantiate $M))
  (type $r' (resource (rep i32) (dtor (func $m "dtor"))))
  (export $r "r" (type $r'))
  (core func $new (canon resource.new $r'))
  (core module $N
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "made" (func $made (param i32) (result i32)))
    (func (export "make") (param i32) (result i32) (call $new (call $made (local.get 0)))))
  (core instance $n (instantiate $N (with "" (instance (export "new" (func $new)) (export "made" (func $m "made"))))))
  (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $n "make")))
  (func (export "read") (param "r" (borrow $r)) (result u32) (canon lift (core func $m "read")))
  (func (export "live") (result u32) (canon lift (core func $m "live")))
  (func (export "dropped") (result u32) (canon lift (core func $m "dropped"))))

;; Four threads, each of which makes, reads and drops fifty of them. They run in parallel.
(component $threaded
  (import "plain" (instance $p
    (export "r" (type $r (sub resource)))
    (export "make" (func (param "rep" u32) (result (own $r))))
    (export "read" (func (param "r" (borrow $r)) (result u32)))))
  (alias export $p "r" (type $r'))
  (export $r "r" (type $r'))
  (core func $make (canon lower (func $p "make")))
  (core func $read (canon lower (func $p "read")))
  (core func $drop (canon resource.drop $r'))
  (core module $Libc
    (memory (export "memory") 1 1 shared)
    (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $libc (instantiate $Libc))
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-indirect $start (table $libc "table")))
  (core module $M
    (type $start (shared (func (param i32))))
    (type $unary (shared (func (param i32) (result i32))))
    (type $binary (shared (func (param i32 i32) (result i32))))
    (type $none (shared (func (result i32))))
    (import "libc" "memory" (memory 1 1 shared))
    (import "libc" "table" (table $table shared 1 1 (ref null (shared func))))
    (import "" "make" (func $make (type $unary)))
    (import "" "read" (func $read (type $unary)))
    (import "" "drop" (func $drop (type $start)))
    (import "" "spawn" (func $spawn (type $binary)))
    (func $work (type $start) (local $i i32) (local $r i32)
      (loop $again
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (local.set $r (call $make (local.get $i)))
        (drop (i32.atomic.rmw.add (i32.const 8) (call $read (local.get $r))))
        (call $drop (local.get $r))
        (br_if $again (i32.ne (local.get $i) (i32.const 50))))
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (item (ref.func $work)))
    (func (export "work") (type $none) (local $done i32)
      (drop (call $spawn (i32.const 0) (i32.const 0)))
      (drop (call $spawn (i32.const 0) (i32.const 0)))
      (drop (call $spawn (i32.const 0) (i32.const 0)))
      (drop (call $spawn (i32.const 0) (i32.const 0)))
      (loop $again
        (local.set $done (i32.atomic.load (i32.const 0)))
        (if (i32.ne (local.get $done) (i32.const 4)) (then
          (drop (memory.atomic.wait32 (i32.const 0) (local.get $done) (i64.const -1)))
          (br $again))))
      (i32.atomic.load (i32.const 8)))
    (func (export "make") (type $unary) (call $make (i32.mul (local.get 0) (i32.const 2)))))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance
      (export "make" (func $make)) (export "read" (func $read)) (export "drop" (func $drop)) (export "spawn" (func $spawn))))))
  (func (export "work") (result u32) (canon lift (core func $m "work")))
  (func (export "make") (param "half" u32) (result (own $r)) (canon lift (core func $m "make"))))
(assert_return (invoke $threaded "work") (u32.const 5100))
(assert_return (invoke $plain "live") (u32.const 0))
(assert_return (invoke $plain "dropped") (u32.const 5100))

;; One without threads, which imports from the other two.
(component $last
  (import "threaded" (instance $t
    (export "r" (type $r (sub resource)))
    (export "make" (func (param "half" u32) (result (own $r))))))
  (import "plain" (instance $p
    (export "live" (func (result u32)))))
  (alias export $t "r" (type $r))
  (core func $make (canon lower (func $t "make")))
  (core func $live (canon lower (func $p "live")))
  (core func $drop (canon resource.drop $r))
  (core module $M
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "live" (func $live (result i32)))
    (import "" "drop" (func $drop (param i32)))
    ;; How many there are before and after it drops one.
    (func (export "count") (result i32) (local $r i32)
      (local.set $r (call $make (i32.const 21)))
      (i32.mul (i32.const 10) (call $live))
      (call $drop (local.get $r))
      (i32.add (call $live))))
  (core instance $m (instantiate $M (with "" (instance
    (export "make" (func $make)) (export "live" (func $live)) (export "drop" (func $drop))))))
  (func (export "count") (result u32) (canon lift (core func $m "count"))))
(assert_return (invoke $last "count") (u32.const 10))
(assert_return (invoke $plain "dropped") (u32.const 5142))

;; The resource type that one of them imports and exports again is that of the other.
(component $mixed
  (import "plain" (instance $p
    (export "r" (type $r (sub resource)))
    (export "read" (func (param "r" (borrow $r)) (result u32)))))
  (alias export $p "r" (type $r))
  (import "threaded" (instance $t
    (alias outer 1 $r (type $r'))
    (export "r" (type $r (eq $r')))
    (export "make" (func (param "half" u32) (result (own $r))))))
  (core func $make (canon lower (func $t "make")))
  (core func $read (canon lower (func $p "read")))
  (core module $M
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "read" (func $read (param i32) (result i32)))
    (func (export "f") (result i32) (call $read (call $make (i32.const 21)))))
  (core instance $m (instantiate $M (with "" (instance (export "make" (func $make)) (export "read" (func $read))))))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
(assert_return (invoke $mixed "f") (u32.const 42))

;; A trap on one runtime is a trap of the caller on the other.
(component $traps
  (core module $M (func (export "f") (unreachable)))
  (core instance $m (instantiate $M))
  (func (export "f") (canon lift (core func $m "f"))))
(component $calls
  (import "traps" (instance $t (export "f" (func))))
  (core func $f (canon lower (func $t "f")))
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-ref $start))
  (core module $M
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (type $nothing (func))
    (import "" "f" (func $f (type $nothing)))
    (import "" "spawn" (func (type $spawn)))
    (func (export "g") (type $nothing) (call $f)))
  (core instance $m (instantiate $M (with "" (instance (export "f" (func $f)) (export "spawn" (func $spawn))))))
  (func (export "g") (canon lift (core func $m "g"))))
(assert_trap (invoke $calls "g") "unreachable")
(assert_trap (invoke $calls "g") "cannot enter component instance")
(assert_trap (invoke $traps "f") "cannot enter component instance")
