;;! shared-everything = true
;; Eight parallel threads call two component instances whose state is not shared, one of which calls the other. Their calls take turns, so
;; no addition is lost, and strings arrive whole.

(component
  (component $Counter
    (core module $M
      (memory (export "memory") 1)
      (global $n (mut i32) (i32.const 0))
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.set $next (i32.add (i32.const 1024) (i32.and (i32.add (global.get $next) (local.get 3)) (i32.const 0x3fff))))
        (global.get $next))
      (func (export "add") (param $at i32) (param $length i32) (result i32) (local $i i32) (local $sum i32)
        (loop $again
          (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.add (local.get $at) (local.get $i)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $again (i32.lt_u (local.get $i) (local.get $length))))
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (local.get $sum))
      (func (export "get") (result i32) (global.get $n)))
    (core instance $m (instantiate $M))
    (func (export "add") (param "s" string) (result u32)
      (canon lift (core func $m "add") (memory $m "memory") (realloc (func $m "realloc"))))
    (func (export "get") (result u32) (canon lift (core func $m "get"))))
  (component $Middle
    (import "add" (func $add (param "s" string) (result u32)))
    (core module $Libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256)))
    (core instance $libc (instantiate $Libc))
    (core func $add (canon lower (func $add) (memory $libc "memory")))
    (core module $M
      (import "" "add" (func $add (param i32 i32) (result i32)))
      (import "libc" "memory" (memory 1))
      (global $n (mut i32) (i32.const 0))
      (func (export "add") (param i32 i32) (result i32) (local $before i32)
        (local.set $before (global.get $n))
        (call $add (local.get 0) (local.get 1))
        (global.set $n (i32.add (local.get $before) (i32.const 1))))
      (func (export "get") (result i32) (global.get $n)))
    (core instance $m (instantiate $M (with "libc" (instance $libc)) (with "" (instance (export "add" (func $add))))))
    (func (export "add") (param "s" string) (result u32)
      (canon lift (core func $m "add") (memory $libc "memory") (realloc (func $libc "realloc"))))
    (func (export "get") (result u32) (canon lift (core func $m "get"))))
  (component $Threads
    (import "middle" (func $middle (param "s" string) (result u32)))
    (import "direct" (func $direct (param "s" string) (result u32)))
    (core module $Libc
      (memory (export "memory") 1 1 shared)
      (table (export "table") shared 1 1 (ref null (shared func)))
      (data (i32.const 16) "\01\02\03\04\05\06\07\08"))
    (core instance $libc (instantiate $Libc))
    (core func $middle (canon lower (func $middle) (memory $libc "memory")))
    (core func $direct (canon lower (func $direct) (memory $libc "memory")))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect $start (table $libc "table")))
    (core module $M
      (type $start (shared (func (param i32))))
      (type $binary (shared (func (param i32 i32) (result i32))))
      (type $none (shared (func (result i32))))
      (import "libc" "memory" (memory 1 1 shared))
      (import "libc" "table" (table $table shared 1 1 (ref null (shared func))))
      (import "" "middle" (func $middle (type $binary)))
      (import "" "direct" (func $direct (type $binary)))
      (import "" "spawn" (func $spawn (type $binary)))
      (func $work (type $start) (local $i i32)
        (loop $again
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (drop (i32.atomic.rmw.add (i32.const 8) (call $middle (i32.const 16) (i32.const 8))))
          (drop (i32.atomic.rmw.add (i32.const 8) (call $direct (i32.const 20) (i32.const 4))))
          (br_if $again (i32.ne (local.get $i) (i32.const 100))))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
      (elem (table $table) (i32.const 0) (ref null (shared func)) (item (ref.func $work)))
      (func (export "work") (type $none) (local $done i32)
        (loop $more
          (drop (call $spawn (i32.const 0) (i32.const 0)))
          (local.set $done (i32.add (local.get $done) (i32.const 1)))
          (br_if $more (i32.ne (local.get $done) (i32.const 8))))
        (loop $again
          (local.set $done (i32.atomic.load (i32.const 0)))
          (if (i32.ne (local.get $done) (i32.const 8)) (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $done) (i64.const -1)))
            (br $again))))
        (i32.atomic.load (i32.const 8))))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc))
      (with "" (instance
        (export "middle" (func $middle)) (export "direct" (func $direct)) (export "spawn" (func $spawn))))))
    (func (export "work") (result u32) (canon lift (core func $m "work"))))
  (instance $counter (instantiate $Counter))
  (instance $middle (instantiate $Middle (with "add" (func $counter "add"))))
  (instance $threads (instantiate $Threads
    (with "middle" (func $middle "add")) (with "direct" (func $counter "add"))))
  (export "work" (func $threads "work"))
  (export "counter" (func $counter "get"))
  (export "middle" (func $middle "get")))
;; 8 * 100 * (36 + 26)
(assert_return (invoke "work") (u32.const 49600))
(assert_return (invoke "counter") (u32.const 1600))
(assert_return (invoke "middle") (u32.const 800))
