(component
  (core module $define (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $define (instantiate $define))
  (core module $m
    (import "" "table" (table 1 1 funcref))
    (func (export "f") (table.set (i32.const 0) (ref.null func))))
  (core instance $m (instantiate $m (with "" (instance $define)))))
