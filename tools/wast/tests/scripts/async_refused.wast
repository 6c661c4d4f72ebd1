;;! shared-everything = true
;; Built-ins for tasks, streams and futures, and `async` functions, beside threads that run in parallel: weft refuses each of them
;; with the item's name.

(component
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-ref $start))
  (core module $Threads
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (import "" "spawn" (func (type $spawn))))
  (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
  (core module $M (func (export "f") (result i32) (i32.const 1)))
  (core instance $m (instantiate $M))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
(assert_return (invoke "f") (u32.const 1))

(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $builtin (canon task.return))
    (core module $M (import "" "builtin" (func)))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`task.return`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $builtin (canon task.cancel))
    (core module $M (import "" "builtin" (func)))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`task.cancel`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $builtin (canon waitable-set.new))
    (core module $M (import "" "builtin" (func (result i32))))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`waitable-set.new`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $builtin (canon waitable-set.drop))
    (core module $M (import "" "builtin" (func (param i32))))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`waitable-set.drop`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $builtin (canon waitable.join))
    (core module $M (import "" "builtin" (func (param i32 i32))))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`waitable.join`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $builtin (canon subtask.drop))
    (core module $M (import "" "builtin" (func (param i32))))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`subtask.drop`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $builtin (canon subtask.cancel))
    (core module $M (import "" "builtin" (func (param i32) (result i32))))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`subtask.cancel`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $builtin (canon backpressure.inc))
    (core module $M (import "" "builtin" (func)))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`backpressure.inc`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $builtin (canon backpressure.dec))
    (core module $M (import "" "builtin" (func)))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`backpressure.dec`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (type $s (stream u8))
    (core func $builtin (canon stream.new $s))
    (core module $M (import "" "builtin" (func (result i64))))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`stream.new`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (type $s (stream u8))
    (core func $builtin (canon stream.drop-readable $s))
    (core module $M (import "" "builtin" (func (param i32))))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`stream.drop-readable`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (type $s (future u8))
    (core func $builtin (canon future.new $s))
    (core module $M (import "" "builtin" (func (result i64))))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`future.new`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (type $s (future u8))
    (core func $builtin (canon future.drop-writable $s))
    (core module $M (import "" "builtin" (func (param i32))))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`future.drop-writable`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $builtin (canon error-context.drop))
    (core module $M (import "" "builtin" (func (param i32))))
    (core instance (instantiate $M (with "" (instance (export "builtin" (func $builtin)))))))
  "`error-context.drop`")
;; Functions.
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core module $M (func (export "f")))
    (core instance $m (instantiate $M))
    (func (export "f") async (canon lift (core func $m "f") async)))
  "async-lifted function `f`")
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core module $M
      (func (export "f") (result i32) (i32.const 0))
      (func (export "callback") (param i32 i32 i32) (result i32) (i32.const 0)))
    (core instance $m (instantiate $M))
    (func (export "f") async (canon lift (core func $m "f") async (callback (func $m "callback")))))
  "a `callback` option")
(assert_unlinkable
  (component
    (import "f" (func $f async))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $f (canon lower (func $f)))
    (core module $M (import "" "f" (func)))
    (core instance (instantiate $M (with "" (instance (export "f" (func $f)))))))
  "`f`")
(assert_unlinkable
  (component
    (import "f" (func $f async))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $f (canon lower (func $f) async))
    (core module $M (import "" "f" (func (result i32))))
    (core instance (instantiate $M (with "" (instance (export "f" (func $f)))))))
  "`f`")
(assert_unlinkable
  (component
    (import "f" (func $f (param "s" (stream u8))))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-ref $start))
    (core module $Threads
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance (instantiate $Threads (with "" (instance (export "spawn" (func $spawn))))))
    (core func $f (canon lower (func $f)))
    (core module $M (import "" "f" (func (param i32))))
    (core instance (instantiate $M (with "" (instance (export "f" (func $f)))))))
  "`stream`")
