;; The names of wit-component that say what type a context slot has. Both names of one built-in can occur.
(module
  (import "$root" "[context-get-i32-0]" (func $get0 (result i32)))
  (import "$root" "[context-set-i32-0]" (func $set0 (param i32)))
  (import "$root" "[context-get-i32-1]" (func $get1 (result i32)))
  (import "$root" "[context-set-i32-1]" (func $set1 (param i32)))
  (import "$root" "[context-get-0]" (func $get (result i32)))
  (memory (export "memory") 1 1 shared)
  (func (export "_start")
    (call $set0 (i32.const 1))
    (call $set1 (i32.add (call $get0) (call $get)))
    (drop (call $get1))))
