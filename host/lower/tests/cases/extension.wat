;; What the extension to the rules of sharedness allows: a lifted function that is shared, canonical options that name a
;; shared memory, and built-ins whose type is not shared where a shared one is imported. Beside it, an indirect call
;; through a shared table.
(component
  (core func $index (canon thread.index))
  (core module $m
    (type $read (shared (func (result i32))))
    (type $string (shared (func (param i32 i32) (result i32))))
    (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
    (import "t" "index" (func $index (type $read)))
    (memory (export "memory") 1 1 shared)
    (table $table shared 1 1 (ref null (shared func)) (ref.func $index))
    (func (export "realloc") (type $realloc) (i32.const 0))
    (func (export "index") (type $read) (call_indirect $table (type $read) (i32.const 0)))
    (func (export "string") (type $string) (i32.add (local.get 0) (local.get 1))))
  (core instance $m (instantiate $m (with "t" (instance (export "index" (func $index))))))
  (alias core export $m "memory" (core memory $memory))
  (func (export "index") (result u32) (canon lift (core func $m "index")))
  (func (export "string") (param "s" string) (result u32)
    (canon lift (core func $m "string") (memory $memory) (realloc (core func $m "realloc")))))
