(module
  (type $shared-any (;0;) (func (param anyref)))
  (type (;1;) (func (param i32) (result eqref)))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i64) (result i32)))
  (type (;4;) (func (param i32) (result i32)))
  (table $t (;0;) 4 eqref)
  (table $wide (;1;) i64 4 anyref)
  (export "get" (func 0))
  (export "set" (func 1))
  (export "xchg" (func 2))
  (export "cmpxchg" (func 3))
  (func (;0;) (type 1) (param i32) (result eqref)
    local.get 0
    table.get $t
  )
  (func (;1;) (type 2) (param i32)
    local.get 0
    i32.const 5
    ref.i31
    table.set $t
  )
  (func (;2;) (type 3) (param i64) (result i32)
    (local anyref anyref i64)
    local.get 0
    i32.const 6
    ref.i31
    local.set 1
    local.set 3
    local.get 3
    table.get $wide
    local.set 2
    local.get 3
    local.get 1
    table.set $wide
    local.get 2
    ref.is_null
  )
  (func (;3;) (type 4) (param i32) (result i32)
    (local eqref eqref eqref i32)
    local.get 0
    i32.const 5
    ref.i31
    i32.const 7
    ref.i31
    local.set 1
    local.set 2
    local.set 4
    local.get 4
    table.get $t
    local.set 3
    local.get 3
    local.get 2
    ref.eq
    if ;; label = @1
      local.get 4
      local.get 1
      table.set $t
    end
    local.get 3
    ref.cast (ref i31)
    i31.get_s
  )
)
