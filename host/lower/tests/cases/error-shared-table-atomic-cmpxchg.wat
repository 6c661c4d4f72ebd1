(component
  (core module $m
    (table $t shared 2 2 (ref null (shared eq)))
    (func (export "f") (drop (table.atomic.rmw.cmpxchg seq_cst $t (i32.const 0) (ref.null (shared eq)) (ref.null (shared eq))))))
  (core instance $m (instantiate $m)))
