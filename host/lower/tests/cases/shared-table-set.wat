(component
  (core module $m
    (table $t shared 2 2 (ref null (shared func)))
    (elem $e (ref null (shared func)) (ref.null (shared func)))
    (func (export "f") (table.set $t (i32.const 0) (ref.null (shared func)))))
  (core instance $m (instantiate $m)))
