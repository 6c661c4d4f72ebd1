;; Each atomic access of a table, with indices of either width, whose type becomes that of a scratch local.
(module
  (type $shared-any (shared (func (param (ref null (shared any))))))
  (table $t shared 4 (ref null (shared eq)))
  (table $wide shared i64 4 (ref null (shared any)))
  (func (export "get") (param i32) (result (ref null (shared eq))) (table.atomic.get seq_cst $t (local.get 0)))
  (func (export "set") (param i32)
    (table.atomic.set seq_cst $t (local.get 0) (ref.i31_shared (i32.const 5))))
  (func (export "xchg") (param i64) (result i32)
    (ref.is_null (table.atomic.rmw.xchg seq_cst $wide (local.get 0) (ref.i31_shared (i32.const 6)))))
  (func (export "cmpxchg") (param i32) (result i32)
    (i31.get_s (ref.cast (ref (shared i31))
      (table.atomic.rmw.cmpxchg seq_cst $t (local.get 0) (ref.i31_shared (i32.const 5)) (ref.i31_shared (i32.const 7)))))))
