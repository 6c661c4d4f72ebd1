;; The host would make a tag anew for each thread.
(component
  (import "host" (core module $host (export "t" (tag (param i32)))))
  (core instance $host (instantiate $host))
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-ref shared $start))
  (core module $m (import "h" "t" (tag $t (param i32)))
    (func (export "f") (result i32) (block $b (result i32) (try_table (catch $t $b) (throw $t (i32.const 5))) (i32.const 0))))
  (core instance $m (instantiate $m (with "h" (instance $host))))
  (func (export "f") (result s32) (canon lift (core func $m "f"))))
