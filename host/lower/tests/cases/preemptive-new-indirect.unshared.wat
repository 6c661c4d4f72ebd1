(component
  (core module $table (;0;)
    (table (;0;) 1 1 funcref)
    (export "table" (table 0))
  )
  (core instance $table (;0;) (instantiate $table))
  (core type $start (;0;) (func (param i64)))
  (alias core export $table "table" (core table $table (;0;)))
  (core module (;1;)
    (type (;0;) (func (param i64)))
    (type (;1;) (func (param (ref 0) i64) (result i32)))
    (type (;2;) (func (param i32)))
    (table (;0;) 1 1 funcref ref.func 1)
    (table (;1;) 0 (ref null 0))
    (memory (;0;) 0)
    (global (;0;) (mut i32) i32.const -1)
    (export "holder" (table 0))
    (export "put" (func 0))
    (func (;0;) (type 1) (param (ref 0) i64) (result i32)
      (local i32)
      global.get 0
      local.tee 2
      i32.const -1
      i32.eq
      if ;; label = @1
        local.get 0
        i32.const 1
        table.grow 1
        local.tee 2
        i32.const 13
        i32.shr_u
        memory.size
        i32.eq
        if ;; label = @2
          i32.const 1
          memory.grow
          drop
        end
      else
        local.get 2
        i32.const 3
        i32.shl
        i32.load
        global.set 0
        local.get 2
        local.get 0
        table.set 1
      end
      local.get 2
      i32.const 3
      i32.shl
      local.get 1
      i64.store align=4
      local.get 2
    )
    (func (;1;) (type 2) (param i32)
      (local i64 (ref null 0))
      local.get 0
      i32.const 3
      i32.shl
      i64.load align=4
      local.set 1
      local.get 0
      table.get 1
      local.set 2
      local.get 0
      ref.null 0
      table.set 1
      local.get 0
      i32.const 3
      i32.shl
      global.get 0
      i32.store
      local.get 0
      global.set 0
      local.get 1
      local.get 2
      call_ref 0
    )
  )
  (core instance (;1;) (instantiate 1))
  (alias core export 1 "holder" (core table (;1;)))
  (alias core export 1 "put" (core func (;0;)))
  (core type (;1;) (func (param i32)))
  (core func (;1;) (canon thread.new-indirect 1 1))
  (core module (;2;)
    (type (;0;) (func (param i64)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param (ref 0) i64) (result i32)))
    (type (;3;) (func (param i32 i64) (result i32)))
    (import "" "table" (table (;0;) 0 funcref))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "put" (func (;1;) (type 2)))
    (export "builtin" (func 2))
    (func (;2;) (type 3) (param i32 i64) (result i32)
      (local i32)
      i32.const 0
      local.get 0
      table.get 0
      ref.as_non_null
      ref.cast (ref 0)
      local.get 1
      call 1
      call 0
    )
  )
  (core instance (;2;)
    (export "put" (func 0))
    (export "new" (func 1))
    (export "table" (table $table))
  )
  (core instance (;3;) (instantiate 2
      (with "" (instance 2))
    )
  )
  (alias core export 3 "builtin" (core func $new (;2;)))
  (core module $m (;3;)
    (type (;0;) (func (param i32 i64) (result i32)))
    (import "" "new" (func (;0;) (type 0)))
  )
  (core instance (;4;)
    (export "new" (func $new))
  )
  (core instance $m (;5;) (instantiate $m
      (with "" (instance 4))
    )
  )
)
