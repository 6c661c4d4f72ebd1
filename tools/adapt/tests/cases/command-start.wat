;; A start function sets the TLS base: the main thread finds it there, other threads begin with the initial values.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (memory (export "memory") 1 1 shared)
  (global $sp (mut i32) (i32.const 4096))
  (global $tls (mut i32) (i32.const 0))
  (start $init)
  (func $init (global.set $tls (i32.const 8192)))
  (func (export "_start") (i32.store (global.get $tls) (global.get $sp))))
