;; A plug-in for examples/embed/src/bin/plugins.rs, as an extension of a database is one: it registers functions by their index in its
;; table. Each changes a text in the memory. Text comes in buffers that the host gets by `malloc`.
(module
  (import "host" "create_function" (func $create_function (param $name i32) (param $length i32) (param $function i32)))
  (memory (export "memory") 1 16)
  (table (export "functions") 2 16 funcref)
  (elem (i32.const 0) $upper $reverse)
  (data (i32.const 0) "upperreverse")
  (global $free (mut i32) (i32.const 1024))

  (func (export "init")
    (call $create_function (i32.const 0) (i32.const 5) (i32.const 0))
    (call $create_function (i32.const 5) (i32.const 7) (i32.const 1)))

  (func (export "malloc") (param $size i32) (result i32)
    (global.get $free)
    (global.set $free (i32.add (global.get $free) (local.get $size))))

  (func $upper (param $text i32) (param $length i32) (local $end i32) (local $byte i32)
    (local.set $end (i32.add (local.get $text) (local.get $length)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $text) (local.get $end)))
      (local.set $byte (i32.load8_u (local.get $text)))
      (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 97)) (i32.const 26))
        (then (i32.store8 (local.get $text) (i32.sub (local.get $byte) (i32.const 32)))))
      (local.set $text (i32.add (local.get $text) (i32.const 1)))
      (br $next))))

  (func $reverse (param $text i32) (param $length i32) (local $end i32) (local $byte i32)
    (local.set $end (i32.sub (i32.add (local.get $text) (local.get $length)) (i32.const 1)))
    (block $done (loop $next
      (br_if $done (i32.ge_s (local.get $text) (local.get $end)))
      (local.set $byte (i32.load8_u (local.get $text)))
      (i32.store8 (local.get $text) (i32.load8_u (local.get $end)))
      (i32.store8 (local.get $end) (local.get $byte))
      (local.set $text (i32.add (local.get $text) (i32.const 1)))
      (local.set $end (i32.sub (local.get $end) (i32.const 1)))
      (br $next)))))
