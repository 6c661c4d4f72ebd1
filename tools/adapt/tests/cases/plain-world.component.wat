(component
  (type (;0;) (func (param "text" string)))
  (import "log" (func $log (;0;) (type 0)))
  (core module $main (;0;)
    (type (;0;) (func (param i32 i32)))
    (type (;1;) (func (param i32) (result i32)))
    (import "$root" "log" (func $log (;0;) (type 0)))
    (memory (;0;) 1)
    (export "memory" (memory 0))
    (export "double" (func 1))
    (func (;1;) (type 1) (param i32) (result i32)
      i32.const 0
      i32.const 0
      call $log
      local.get 0
      i32.const 2
      i32.mul
    )
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-shim-module (;1;)
    (type (;0;) (func (param i32 i32)))
    (table (;0;) 1 1 funcref)
    (export "0" (func 0))
    (export "$imports" (table 0))
    (func (;0;) (type 0) (param i32 i32)
      local.get 0
      local.get 1
      i32.const 0
      call_indirect (type 0)
    )
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-fixup (;2;)
    (type (;0;) (func (param i32 i32)))
    (import "" "0" (func (;0;) (type 0)))
    (import "" "$imports" (table (;0;) 1 1 funcref))
    (elem (;0;) (i32.const 0) func 0)
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core instance $wit-component-shim-instance (;0;) (instantiate $wit-component-shim-module))
  (alias core export $wit-component-shim-instance "0" (core func $indirect-$root-log (;0;)))
  (core instance $$root (;1;)
    (export "log" (func $indirect-$root-log))
  )
  (core instance $main (;2;) (instantiate $main
      (with "$root" (instance $$root))
    )
  )
  (alias core export $main "memory" (core memory $memory (;0;)))
  (alias core export $wit-component-shim-instance "$imports" (core table $"shim table" (;0;)))
  (core func $"#core-func1 indirect-$root-log" (@name "indirect-$root-log") (;1;) (canon lower (func $log) (memory $memory) string-encoding=utf8))
  (core instance $fixup-args (;3;)
    (export "$imports" (table $"shim table"))
    (export "0" (func $"#core-func1 indirect-$root-log"))
  )
  (core instance $fixup (;4;) (instantiate $wit-component-fixup
      (with "" (instance $fixup-args))
    )
  )
  (type (;1;) (func (param "x" u32) (result u32)))
  (alias core export $main "double" (core func $double (;2;)))
  (func $double (;1;) (type 1) (canon lift (core func $double)))
  (export $"#func2 double" (@name "double") (;2;) "double" (func $double))
  (@producers
    (processed-by "wit-component" "0.254.2")
  )
)
