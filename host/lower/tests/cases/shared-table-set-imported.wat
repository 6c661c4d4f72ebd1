(component
  (core module $define (table (export "t") shared 2 2 (ref null (shared func))))
  (core instance $define (instantiate $define))
  (core module $m
    (import "" "t" (table $t shared 2 2 (ref null (shared func))))
    (func (export "f") (table.set $t (i32.const 0) (ref.null (shared func)))))
  (core instance $m (instantiate $m (with "" (instance $define)))))
