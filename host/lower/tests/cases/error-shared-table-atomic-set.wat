(component
  (core module $m
    (table $t shared 2 2 (ref null (shared any)))
    (func (export "f") (table.atomic.set seq_cst $t (i32.const 0) (ref.null (shared any)))))
  (core instance $m (instantiate $m)))
