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
  (alias core export 2 "builtin" (core func $spawn (;2;)))
  (core module $m (;2;)
    (type $s (;0;) (struct (field (mut i32))))
    (type (;1;) (func (result i32)))
    (global $g (;0;) (mut (ref null $s)) ref.null $s)
    (export "f" (func 0))
    (func (;0;) (type 1) (result i32)
      (local i32 i32 (ref null $s))
      i32.const 1
      struct.new $s
      global.set $g
      global.get $g
      i32.const 2
      local.set 0
      local.set 2
      local.get 2
      struct.get $s 0
      local.set 1
      local.get 2
      local.get 1
      local.get 0
      i32.add
      struct.set $s 0
      local.get 1
    )
  )
  (core instance $m (;3;) (instantiate $m))
  (type (;0;) (func (result u32)))
  (alias core export $m "f" (core func (;3;)))
  (func (;0;) (type 0) (canon lift (core func 3)))
  (export (;1;) "f" (func 0))
)
