;; Two component instances with threads, one of which calls the other: each has a thread table of its own.
(component
  (component $threads
    (core type $start (shared (func (param i32))))
    (core module $t (table (export "t") shared 1 1 (ref null (shared func))))
    (core instance $t (instantiate $t))
    (core func $spawn (canon thread.spawn-indirect shared $start (core table $t "t")))
    (core module $m
      (type $spawn (shared (func (param i32 i32) (result i32))))
      (type $f (shared (func (result i32))))
      (import "" "spawn" (func $spawn (type $spawn)))
      (func $start)
      (start $start)
      (func (export "f") (type $f) (call $spawn (i32.const 0) (i32.const 0))))
    (core instance $m (instantiate $m (with "" (instance (export "spawn" (func $spawn))))))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (instance $one (instantiate $threads))
  (component $caller
    (import "f" (func $f (result u32)))
    (core func $index (canon thread.index))
    (core func $f (canon lower (func $f)))
    (core module $m
      (type $f (shared (func (result i32))))
      (import "" "f" (func $f (type $f)))
      (import "" "index" (func $index (type $f)))
      (func (export "g") (result i32) (i32.add (call $f) (call $index))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f)) (export "index" (func $index))))))
    (func (export "g") (result u32) (canon lift (core func $m "g"))))
  (instance $two (instantiate $caller (with "f" (func $one "f"))))
  (export "g" (func $two "g")))
