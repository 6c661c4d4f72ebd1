(component
  (core module $table (;0;)
    (table (;0;) 1 1 funcref)
    (export "table" (table 0))
  )
  (core instance $table (;0;) (instantiate $table))
  (alias core export $table "table" (core table $table (;0;)))
  (core type $start (;0;) (func (param i64)))
  (core func (;0;) (canon thread.new-indirect $start $table))
  (core func (;1;) (canon thread.resume-later))
  (core module (;1;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (param i32)))
    (import "" "new" (func (;0;) (type 0)))
    (import "" "resume" (func (;1;) (type 1)))
    (export "builtin" (func 2))
    (func (;2;) (type 0) (param i32 i32) (result i32)
      (local i32)
      local.get 0
      local.get 1
      call 0
      local.tee 2
      call 1
      local.get 2
    )
  )
  (core instance (;1;)
    (export "new" (func 0))
    (export "resume" (func 1))
  )
  (core instance (;2;) (instantiate 1
      (with "" (instance 1))
    )
  )
  (alias core export 2 "builtin" (core func $spawn (;2;)))
)
