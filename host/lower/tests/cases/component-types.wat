;; `shared` stands in component types too: module types, alone, nested in component types, and as imports.
(component
  (core type $module (module
    (type $f (shared (func (param i32))))
    (import "" "memory" (memory 1 2 shared))
    (import "" "table" (table shared 1 2 (ref null (shared func))))
    (import "" "global" (global (shared i32)))
    (export "f" (func (type $f)))))
  (type $component (component
    (core type $inner (module
      (type $g (shared (func (result i32))))
      (export "g" (func (type $g)))
      (export "memory" (memory i64 3 4 shared))))
    (import "inner" (core module (type $inner)))
    (type $function (func (param "x" u32)))
    (export "f" (func (type $function)))))
  (core module $define
    (memory (export "memory") 1 2 shared))
  (core instance $define (instantiate $define))
  (core type $start (shared (func (param i32))))
  (core module $m
    (import "" "memory" (memory 1 2 shared))
    (func (export "f") (result i32) (i32.load (i32.const 0))))
  (core instance $m (instantiate $m (with "" (instance $define))))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
