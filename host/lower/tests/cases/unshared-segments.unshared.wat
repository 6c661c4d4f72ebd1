(component
  (core module $early (;0;)
    (type (;0;) (func))
    (table (;0;) 2 funcref)
    (memory (;0;) 1)
    (export "memory" (memory 0))
    (export "table" (table 0))
    (start $start)
    (elem (;0;) (i32.const 0) func $start)
    (func $start (;0;) (type 0))
    (data (;0;) (i32.const 0) "early")
  )
  (core instance $early (;0;) (instantiate $early))
  (core module $late (;1;)
    (type (;0;) (func))
    (import "early" "memory" (memory $m (;0;) 1))
    (import "early" "table" (table $t (;0;) 2 funcref))
    (memory $wide (;1;) i64 1)
    (export "copy" (func $copy))
    (elem (;0;) (table $t) (i32.const 1) func $copy)
    (func $copy (;0;) (type 0)
      i32.const 0
      i32.const 0
      i32.const 0
      memory.init $bytes
    )
    (data $bytes (;0;) (i32.const 8) "late")
    (data (;1;) (memory $wide) (i64.const 8) "wide")
  )
  (core instance $late (;1;) (instantiate $late
      (with "early" (instance $early))
    )
  )
  (core type $thread (;0;) (func (param i32)))
  (core module (;2;)
    (table (;0;) 1 1 funcref)
    (export "holder" (table 0))
  )
  (core instance (;2;) (instantiate 2))
  (alias core export 2 "holder" (core table (;0;)))
  (core func (;0;) (canon thread.new-indirect $thread 0))
  (core func (;1;) (canon thread.resume-later))
  (core module (;3;)
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
  (core instance (;3;)
    (export "holder" (table 0))
    (export "new" (func 0))
    (export "resume" (func 1))
  )
  (core instance (;4;) (instantiate 3
      (with "" (instance 3))
    )
  )
  (alias core export 4 "builtin" (core func $spawn (;2;)))
  (type (;0;) (func))
  (alias core export $late "copy" (core func (;3;)))
  (func (;0;) (type 0) (canon lift (core func 3)))
  (export (;1;) "copy" (func 0))
)
