(component
  (core type $start (;0;) (func (param i32)))
  (core module (;0;)
    (table (;0;) 1 1 funcref)
    (export "holder" (table 0))
  )
  (core instance (;0;) (instantiate 0))
  (alias core export 0 "holder" (core table (;0;)))
  (core func (;0;) (canon thread.new-indirect $start 0))
  (core func (;1;) (canon thread.resume-later))
  (core module (;1;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func (param (ref null 0) i32) (result i32)))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "holder" (table (;0;) 1 1 funcref))
    (import "" "resume" (func (;1;) (type 2)))
    (export "builtin" (func 2))
    (func (;2;) (type 3) (param (ref null 0) i32) (result i32)
      (local i32)
      i32.const 0
      local.get 0
      table.set 0
      i32.const 0
      local.get 1
      call 0
      local.tee 2
      call 1
      local.get 2
    )
  )
  (core instance (;1;)
    (export "holder" (table 0))
    (export "new" (func 0))
    (export "resume" (func 1))
  )
  (core instance (;2;) (instantiate 1
      (with "" (instance 1))
    )
  )
  (alias core export 2 "builtin" (core func (;2;)))
)
