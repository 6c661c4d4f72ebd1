(component
  (core type $open (;0;) (sub (func (param i32))))
  (core rec
    (type $start (;1;) (sub $open (func (param i32))))
    (type $other (;2;) (func (param (ref $start))))
  )
  (core module $table (;0;)
    (table (;0;) 1 1 funcref)
    (export "table" (table 0))
  )
  (core instance $table (;0;) (instantiate $table))
  (core module (;1;)
    (type (;0;) (sub (func (param i32))))
    (rec
      (type (;1;) (sub 0 (func (param i32))))
      (type (;2;) (func (param (ref 1))))
    )
    (type (;3;) (func (param (ref 1) i32) (result i32)))
    (type (;4;) (func (param i32)))
    (table (;0;) 1 1 funcref ref.func 1)
    (table (;1;) 0 (ref null 1))
    (memory (;0;) 0)
    (global (;0;) (mut i32) i32.const -1)
    (export "holder" (table 0))
    (export "put" (func 0))
    (func (;0;) (type 3) (param (ref 1) i32) (result i32)
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
      i32.store
      local.get 2
    )
    (func (;1;) (type 4) (param i32)
      (local i32 (ref null 1))
      local.get 0
      i32.const 3
      i32.shl
      i32.load
      local.set 1
      local.get 0
      table.get 1
      local.set 2
      local.get 0
      ref.null 1
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
      call_ref 1
    )
  )
  (core instance (;1;) (instantiate 1))
  (alias core export 1 "holder" (core table (;0;)))
  (alias core export 1 "put" (core func (;0;)))
  (core type (;3;) (func (param i32)))
  (core func (;1;) (canon thread.new-indirect 3 0))
  (core func (;2;) (canon thread.resume-later))
  (core module (;2;)
    (type (;0;) (sub (func (param i32))))
    (rec
      (type (;1;) (sub 0 (func (param i32))))
      (type (;2;) (func (param (ref 1))))
    )
    (type (;3;) (func (param i32 i32) (result i32)))
    (type (;4;) (func (param (ref 1) i32) (result i32)))
    (type (;5;) (func (param i32)))
    (type (;6;) (func (param (ref null 1) i32) (result i32)))
    (import "" "new" (func (;0;) (type 3)))
    (import "" "put" (func (;1;) (type 4)))
    (import "" "resume" (func (;2;) (type 5)))
    (export "builtin" (func 3))
    (func (;3;) (type 6) (param (ref null 1) i32) (result i32)
      (local i32)
      i32.const 0
      local.get 0
      ref.as_non_null
      ref.cast (ref 1)
      local.get 1
      call 1
      call 0
      local.tee 2
      call 2
      local.get 2
    )
  )
  (core instance (;2;)
    (export "put" (func 0))
    (export "new" (func 1))
    (export "resume" (func 2))
  )
  (core instance (;3;) (instantiate 2
      (with "" (instance 2))
    )
  )
  (alias core export 3 "builtin" (core func $spawn (;3;)))
  (alias core export $table "table" (core table (;1;)))
  (core module (;3;)
    (type (;0;) (sub (func (param i32))))
    (rec
      (type (;1;) (sub 0 (func (param i32))))
      (type (;2;) (func (param (ref 1))))
    )
    (type (;3;) (func (param (ref 1) i32) (result i32)))
    (type (;4;) (func (param i32)))
    (table (;0;) 1 1 funcref ref.func 1)
    (table (;1;) 0 (ref null 1))
    (memory (;0;) 0)
    (global (;0;) (mut i32) i32.const -1)
    (export "holder" (table 0))
    (export "put" (func 0))
    (func (;0;) (type 3) (param (ref 1) i32) (result i32)
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
      i32.store
      local.get 2
    )
    (func (;1;) (type 4) (param i32)
      (local i32 (ref null 1))
      local.get 0
      i32.const 3
      i32.shl
      i32.load
      local.set 1
      local.get 0
      table.get 1
      local.set 2
      local.get 0
      ref.null 1
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
      call_ref 1
    )
  )
  (core instance (;4;) (instantiate 3))
  (alias core export 4 "holder" (core table (;2;)))
  (alias core export 4 "put" (core func (;4;)))
  (core type (;4;) (func (param i32)))
  (core func (;5;) (canon thread.new-indirect 4 2))
  (core func (;6;) (canon thread.resume-later))
  (core module (;4;)
    (type (;0;) (sub (func (param i32))))
    (rec
      (type (;1;) (sub 0 (func (param i32))))
      (type (;2;) (func (param (ref 1))))
    )
    (type (;3;) (func (param i32 i32) (result i32)))
    (type (;4;) (func (param (ref 1) i32) (result i32)))
    (type (;5;) (func (param i32)))
    (type (;6;) (func (param i32 i32) (result i32)))
    (import "" "table" (table (;0;) 0 funcref))
    (import "" "new" (func (;0;) (type 3)))
    (import "" "put" (func (;1;) (type 4)))
    (import "" "resume" (func (;2;) (type 5)))
    (export "builtin" (func 3))
    (func (;3;) (type 6) (param i32 i32) (result i32)
      (local i32)
      i32.const 0
      local.get 0
      table.get 0
      ref.as_non_null
      ref.cast (ref 1)
      local.get 1
      call 1
      call 0
      local.tee 2
      call 2
      local.get 2
    )
  )
  (core instance (;5;)
    (export "put" (func 4))
    (export "new" (func 5))
    (export "resume" (func 6))
    (export "table" (table 1))
  )
  (core instance (;6;) (instantiate 4
      (with "" (instance 5))
    )
  )
  (alias core export 6 "builtin" (core func $indirect (;7;)))
  (core module $main (;5;)
    (type $indirect (;0;) (func (param i32 i32) (result i32)))
    (import "" "spawn" (func (;0;) (type $indirect)))
  )
  (core instance (;7;)
    (export "spawn" (func $indirect))
  )
  (core instance (;8;) (instantiate $main
      (with "" (instance 7))
    )
  )
)
