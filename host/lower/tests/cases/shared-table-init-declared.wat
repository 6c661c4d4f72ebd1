;; Instantiation drops a segment that is only declared, so code copies none of its elements. Nothing else needs cells.
(component
  (core module $m
    (table $t shared 2 2 (ref null (shared func)))
    (elem $e declare (ref null (shared func)) (ref.null (shared func)))
    (func (export "f") (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 0))))
  (core instance $m (instantiate $m)))
