(component
  (core module $m
    (table $t shared 2 2 (ref null (shared func)))
    (elem $e (ref null (shared func)) (ref.null (shared func)))
    (func (export "f") (table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 1))))
  (core instance $m (instantiate $m)))
