(component
  (core module $m (;0;)
    (type $shared (;0;) (func (param i64) (result i64)))
    (type $plain (;1;) (func (param i32) (result i32)))
    (global $written (;0;) (mut i64) i64.const 1)
    (global $read (;1;) (mut i64) i64.const 2)
    (global $own (;2;) (mut i32) i32.const 3)
    (export "f" (func 0))
    (export "g" (func 1))
    (func (;0;) (type $shared) (param i64) (result i64)
      (local i64 i64 i64)
      local.get 0
      local.set 1
      global.get $written
      local.set 2
      local.get 2
      local.get 1
      i64.add
      global.set $written
      local.get 2
      drop
      local.get 0
      global.set $written
      local.get 0
      i64.const 9
      local.set 1
      local.set 2
      global.get $written
      local.set 3
      local.get 3
      local.get 2
      i64.eq
      if ;; label = @1
        local.get 1
        global.set $written
      end
      local.get 3
      drop
      global.get $read
    )
    (func (;1;) (type $plain) (param i32) (result i32)
      (local i32 i32)
      local.get 0
      local.set 1
      global.get $own
      local.set 2
      local.get 2
      local.get 1
      i32.sub
      global.set $own
      local.get 2
    )
  )
  (core instance $m (;0;) (instantiate $m))
)
