(component
  (core module $main (;0;)
    (type $f (;0;) (shared (func (param i32) (result i32))))
    (type (;1;) (shared (func)))
    (type (;2;) (shared (func (param i32) (result i32))))
    (type (;3;) (shared (func (result i32))))
    (table (;0;) shared 1 1 (ref null (shared func)))
    (export "_start" (func $"entry _start"))
    (elem (;0;) (table 0) (i32.const 0) func $id)
    (func $id (;0;) (type $f)
      local.get 0
    )
    (func (;1;) (type 1)
      i32.const 7
      i32.const 0
      call_indirect (type $f)
      drop
    )
    (func $"entry _start" (;2;) (type 3)
      call 1
      i32.const 0
    )
  )
  (core instance $main (;0;) (instantiate $main))
  (alias core export $main "_start" (core func $_start (;0;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
