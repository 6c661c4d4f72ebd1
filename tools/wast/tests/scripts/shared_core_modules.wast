;;! shared-everything = true
;; A component with parallel threads imports core modules with shared items from an instance on the other runtime.

(component $lib
  (core module $Libc
    (memory (export "memory") 1 1 shared)
    (table (export "table") shared 1 1 (ref null (shared func)))
    (global (export "sum") (shared mut i32) (i32.const 0)))
  (core module $Add
    (type $start (shared (func (param i32))))
    (import "" "sum" (global $sum (shared mut i32)))
    (func (export "add") (type $start) (drop (global.atomic.rmw.add seq_cst $sum (local.get 0)))))
  (export "libc" (core module $Libc))
  (export "add" (core module $Add)))

;; Four threads that add to the shared global.
(component
  (core type $start (shared (func (param i32))))
  (import "lib" (instance $lib
    (export "libc" (core module
      (export "memory" (memory 1 1 shared))
      (export "table" (table shared 1 1 (ref null (shared func))))
      (export "sum" (global (shared mut i32)))))
    (export "add" (core module
      (type $start (shared (func (param i32))))
      (import "" "sum" (global (shared mut i32)))
      (export "add" (func (type $start)))))))
  (alias export $lib "libc" (core module $Libc))
  (alias export $lib "add" (core module $Add))
  (core instance $libc (instantiate $Libc))
  (core instance $add (instantiate $Add (with "" (instance $libc))))
  (core func $spawn (canon thread.spawn-indirect $start (table $libc "table")))
  (core module $M
    (type $start (shared (func (param i32))))
    (type $binary (shared (func (param i32 i32) (result i32))))
    (type $none (shared (func (result i32))))
    (import "libc" "memory" (memory 1 1 shared))
    (import "libc" "table" (table $table shared 1 1 (ref null (shared func))))
    (import "libc" "sum" (global $sum (shared mut i32)))
    (import "" "add" (func $add (type $start)))
    (import "" "spawn" (func $spawn (type $binary)))
    (func $work (type $start) (local $i i32)
      (loop $again
        (call $add (local.get 0))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $again (i32.ne (local.get $i) (i32.const 100))))
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (item (ref.func $work)))
    (func (export "work") (type $none) (local $done i32)
      (drop (call $spawn (i32.const 0) (i32.const 1)))
      (drop (call $spawn (i32.const 0) (i32.const 2)))
      (drop (call $spawn (i32.const 0) (i32.const 3)))
      (drop (call $spawn (i32.const 0) (i32.const 4)))
      (loop $again
        (local.set $done (i32.atomic.load (i32.const 0)))
        (if (i32.ne (local.get $done) (i32.const 4)) (then
          (drop (memory.atomic.wait32 (i32.const 0) (local.get $done) (i64.const -1)))
          (br $again))))
      (global.atomic.get seq_cst $sum)))
  (core instance $m (instantiate $M
    (with "libc" (instance $libc))
    (with "" (instance (export "add" (func $add "add")) (export "spawn" (func $spawn))))))
  (func (export "work") (result u32) (canon lift (core func $m "work"))))
(assert_return (invoke "work") (u32.const 1000))

;; What is shared in only one of the two types does not match.
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (import "lib" (instance $lib (export "libc" (core module (export "sum" (global (mut i32))))))))
  "SETV-11")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (import "lib" (instance $lib (export "libc" (core module (export "memory" (memory 1 1)))))))
  "memory")
