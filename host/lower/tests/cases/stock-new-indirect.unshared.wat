(component
  (core type $start (;0;) (func (param i32)))
  (core type $open (;1;) (sub (func (param i32))))
  (core type $wide (;2;) (func (param i64)))
  (core module $tables (;0;)
    (table (;0;) 2 funcref)
    (table (;1;) 3 funcref)
    (export "a" (table 0))
    (export "b" (table 1))
  )
  (core instance $tables (;0;) (instantiate $tables))
  (alias core export $tables "a" (core table $a (;0;)))
  (core func $new (;0;) (canon thread.new-indirect $start $a))
  (core module (;1;)
    (type (;0;) (sub (func (param i32))))
    (type (;1;) (func (param (ref 0) i32) (result i32)))
    (type (;2;) (func (param i32)))
    (table (;0;) 1 1 funcref ref.func 1)
    (table (;1;) 0 (ref null 0))
    (memory (;0;) 0)
    (global (;0;) (mut i32) i32.const -1)
    (export "holder" (table 0))
    (export "put" (func 0))
    (func (;0;) (type 1) (param (ref 0) i32) (result i32)
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
    (func (;1;) (type 2) (param i32)
      (local i32 (ref null 0))
      local.get 0
      i32.const 3
      i32.shl
      i32.load
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
  (alias core export 1 "put" (core func (;1;)))
  (core type (;3;) (func (param i32)))
  (core func (;2;) (canon thread.new-indirect 3 1))
  (core module (;2;)
    (type (;0;) (sub (func (param i32))))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param (ref 0) i32) (result i32)))
    (type (;3;) (func (param i32 i32) (result i32)))
    (import "" "table" (table (;0;) 0 funcref))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "put" (func (;1;) (type 2)))
    (export "builtin" (func 2))
    (func (;2;) (type 3) (param i32 i32) (result i32)
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
    (export "put" (func 1))
    (export "new" (func 2))
    (export "table" (table $a))
  )
  (core instance (;3;) (instantiate 2
      (with "" (instance 2))
    )
  )
  (alias core export 3 "builtin" (core func $new-open (;3;)))
  (core module (;3;)
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
  (core instance (;4;) (instantiate 3))
  (alias core export 4 "holder" (core table (;2;)))
  (alias core export 4 "put" (core func (;4;)))
  (core type (;4;) (func (param i32)))
  (core func (;5;) (canon thread.new-indirect 4 2))
  (core func (;6;) (canon thread.resume-later))
  (core module (;4;)
    (type (;0;) (func (param i64)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param (ref 0) i64) (result i32)))
    (type (;3;) (func (param i32)))
    (type (;4;) (func (param i32 i64) (result i32)))
    (import "" "table" (table (;0;) 0 funcref))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "put" (func (;1;) (type 2)))
    (import "" "resume" (func (;2;) (type 3)))
    (export "builtin" (func 3))
    (func (;3;) (type 4) (param i32 i64) (result i32)
      (local i32)
      i32.const 0
      local.get 0
      table.get 0
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
  (core instance (;5;)
    (export "put" (func 4))
    (export "new" (func 5))
    (export "resume" (func 6))
    (export "table" (table $a))
  )
  (core instance (;6;) (instantiate 4
      (with "" (instance 5))
    )
  )
  (alias core export 6 "builtin" (core func $spawn-wide (;7;)))
  (alias core export $tables "b" (core table $b (;3;)))
  (core type $behind (;5;)
    (module
      (alias outer 1 $wide (type (;0;)))
      (type (;1;) (func (param f32)))
      (type (;2;) (func (param i32 i32) (result i32)))
      (import "" "new" (func (type 2)))
      (import "" "local" (func (type 1)))
      (import "" "b" (table 3 funcref))
      (export "w" (func (type 0)))
    )
  )
  (core func $new-b (;8;) (canon thread.new-indirect $start $b))
  (component $nested (;0;)
    (alias outer 1 $behind (core type $outer-behind (;0;)))
    (alias outer 1 $open (core type $outer-open (;1;)))
    (import "behind" (core module (;0;) (type $outer-behind)))
    (core module $table (;1;)
      (table (;0;) 1 funcref)
      (export "t" (table 0))
    )
    (core instance $table (;0;) (instantiate $table))
    (alias core export $table "t" (core table (;0;)))
    (core module (;2;)
      (type (;0;) (sub (func (param i32))))
      (type (;1;) (func (param (ref 0) i32) (result i32)))
      (type (;2;) (func (param i32)))
      (table (;0;) 1 1 funcref ref.func 1)
      (table (;1;) 0 (ref null 0))
      (memory (;0;) 0)
      (global (;0;) (mut i32) i32.const -1)
      (export "holder" (table 0))
      (export "put" (func 0))
      (func (;0;) (type 1) (param (ref 0) i32) (result i32)
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
      (func (;1;) (type 2) (param i32)
        (local i32 (ref null 0))
        local.get 0
        i32.const 3
        i32.shl
        i32.load
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
    (core instance (;1;) (instantiate 2))
    (alias core export 1 "holder" (core table (;1;)))
    (alias core export 1 "put" (core func (;0;)))
    (core type (;2;) (func (param i32)))
    (core func (;1;) (canon thread.new-indirect 2 1))
    (core func (;2;) (canon thread.resume-later))
    (core module (;3;)
      (type (;0;) (sub (func (param i32))))
      (type (;1;) (func (param i32 i32) (result i32)))
      (type (;2;) (func (param (ref 0) i32) (result i32)))
      (type (;3;) (func (param i32)))
      (type (;4;) (func (param i32 i32) (result i32)))
      (import "" "table" (table (;0;) 0 funcref))
      (import "" "new" (func (;0;) (type 1)))
      (import "" "put" (func (;1;) (type 2)))
      (import "" "resume" (func (;2;) (type 3)))
      (export "builtin" (func 3))
      (func (;3;) (type 4) (param i32 i32) (result i32)
        (local i32)
        i32.const 0
        local.get 0
        table.get 0
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
    (core instance (;2;)
      (export "put" (func 0))
      (export "new" (func 1))
      (export "resume" (func 2))
      (export "table" (table 0))
    )
    (core instance (;3;) (instantiate 3
        (with "" (instance 2))
      )
    )
    (alias core export 3 "builtin" (core func (;3;)))
  )
  (core func $resume (;9;) (canon thread.resume-later))
  (core func $suspend (;10;) (canon thread.suspend))
  (core module $m (;5;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (param i32 i64) (result i32)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func (result i32)))
    (import "" "new" (func $new (;0;) (type 0)))
    (import "" "open" (func $open (;1;) (type 0)))
    (import "" "wide" (func $wide (;2;) (type 1)))
    (import "" "new-b" (func $new-b (;3;) (type 0)))
    (import "" "resume" (func $resume (;4;) (type 2)))
    (import "" "suspend" (func $suspend (;5;) (type 3)))
    (import "" "b" (table (;0;) 3 funcref))
  )
  (core instance (;7;)
    (export "new" (func $new))
    (export "open" (func $new-open))
    (export "wide" (func $spawn-wide))
    (export "new-b" (func $new-b))
    (export "resume" (func $resume))
    (export "suspend" (func $suspend))
    (export "b" (table $b))
  )
  (core instance (;8;) (instantiate $m
      (with "" (instance 7))
    )
  )
)
