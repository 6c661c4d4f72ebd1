;; Both slots are the module's own.
(module
  (import "$root" "[context-get-1]" (func $get (result i32)))
  (import "$root" "[context-set-1]" (func $set (param i32)))
  (import "$root" "[context-set-0]" (func $set0 (param i32)))
  (func (export "_start") (call $set (call $get)) (call $set0 (i32.const 1))))
