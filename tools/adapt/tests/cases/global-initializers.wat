;; Initial values that are not constants: they are computed anew for each thread.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (import "env" "memory_base" (global $memory_base i32))
  (global $stack i32 (i32.add (global.get $memory_base) (i32.const 1024)))
  (global $sp (mut i32) (global.get $memory_base))
  (global $tls (mut i32) (i32.add (global.get $memory_base) (i32.const 16)))
  (global $function funcref (ref.func $start))
  (func $start (export "_start") (global.set $sp (global.get $stack))))
