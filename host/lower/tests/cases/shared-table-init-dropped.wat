;; What a thread copies another one may drop meanwhile.
(component
  (core module $m
    (table $t shared 2 2 (ref null (shared func)))
    (elem $e (ref null (shared func)) (ref.null (shared func)))
    (func (export "f") (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)))
    (func (export "g") (elem.drop $e)))
  (core instance $m (instantiate $m)))
