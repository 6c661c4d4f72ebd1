;; Two component instances, and threads in both: each would have a thread table of its own.
(component
  (component $threads
    (core type $start (shared (func (param i32))))
    (core module $t (table (export "t") shared 1 1 (ref null (shared func))))
    (core instance $t (instantiate $t))
    (core func $spawn (canon thread.spawn-indirect shared $start (core table $t "t")))
    (core module $m
      (type $spawn (shared (func (param i32 i32) (result i32))))
      (import "" "spawn" (func (type $spawn))))
    (core instance $m (instantiate $m (with "" (instance (export "spawn" (func $spawn)))))))
  (instance $one (instantiate $threads))
  (instance $two (instantiate $threads)))
