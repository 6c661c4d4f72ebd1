;; A call through the table, the one instruction that wasmparser refuses on a shared table.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (type $f (func (param i32) (result i32)))
  (table 1 1 funcref)
  (elem (i32.const 0) $id)
  (func $id (type $f) (local.get 0))
  (func (export "_start") (drop (call_indirect (type $f) (i32.const 7) (i32.const 0)))))
