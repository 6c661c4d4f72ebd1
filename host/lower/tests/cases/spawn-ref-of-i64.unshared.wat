(component
  (core type $start (;0;) (sub (func (param i64))))
  (core module (;0;)
    (type (;0;) (sub (func (param i64))))
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
  (core instance (;0;) (instantiate 0))
  (alias core export 0 "holder" (core table (;0;)))
  (alias core export 0 "put" (core func (;0;)))
  (core type (;1;) (func (param i32)))
  (core func (;1;) (canon thread.new-indirect 1 0))
  (core func (;2;) (canon thread.resume-later))
  (core module (;1;)
    (type (;0;) (sub (func (param i64))))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param (ref 0) i64) (result i32)))
    (type (;3;) (func (param i32)))
    (type (;4;) (func (param (ref null 0) i64) (result i32)))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "put" (func (;1;) (type 2)))
    (import "" "resume" (func (;2;) (type 3)))
    (export "builtin" (func 3))
    (func (;3;) (type 4) (param (ref null 0) i64) (result i32)
      (local i32)
      i32.const 0
      local.get 0
      ref.as_non_null
      ref.cast (ref 0)
      local.get 1
      call 1
      call 0
      local.tee 2
      call 2
      local.get 2
    )
  )
  (core instance (;1;)
    (export "put" (func 0))
    (export "new" (func 1))
    (export "resume" (func 2))
  )
  (core instance (;2;) (instantiate 1
      (with "" (instance 1))
    )
  )
  (alias core export 2 "builtin" (core func $spawn (;3;)))
  (core module $m (;2;)
    (type $start (;0;) (sub (func (param i64))))
    (type $spawn (;1;) (func (param (ref null $start) i64) (result i32)))
    (import "" "spawn" (func (;0;) (type $spawn)))
  )
  (core instance (;3;)
    (export "spawn" (func $spawn))
  )
  (core instance $m (;4;) (instantiate $m
      (with "" (instance 3))
    )
  )
)
