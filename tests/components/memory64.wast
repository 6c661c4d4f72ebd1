;; Values in a memory with 64-bit addresses: pointers and lengths have 64 bits.

(component
  (core module $M
    (memory (export "memory") i64 1)
    (global $next (mut i64) (i64.const 64))
    (func (export "realloc") (param i64 i64 i64 i64) (result i64)
      (global.get $next)
      (global.set $next (i64.and (i64.add (i64.add (global.get $next) (local.get 3)) (i64.const 7)) (i64.const -8))))
    (func (export "same") (param i64 i64) (result i64)
      (i64.store (i64.const 0) (local.get 0))
      (i64.store (i64.const 8) (local.get 1))
      (i64.const 0)))
  (core instance $m (instantiate $M))
  (alias core export $m "memory" (core memory $memory))
  (alias core export $m "realloc" (core func $realloc))
  (func (export "string") (param "s" string) (result string)
    (canon lift (core func $m "same") (memory $memory) (realloc $realloc)))
  (func (export "lists") (param "l" (list (list u16))) (result (list (list u16)))
    (canon lift (core func $m "same") (memory $memory) (realloc $realloc))))
(assert_return (invoke "string" (str.const "wide")) (str.const "wide"))
(assert_return
  (invoke "lists" (list.const (list.const (u16.const 1) (u16.const 2)) (list.const)))
  (list.const (list.const (u16.const 1) (u16.const 2)) (list.const)))
