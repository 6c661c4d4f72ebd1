(component
  (core type $start (;0;) (func (param i32)))
  (core type $open (;1;) (sub (func (param i64))))
  (core module $tables (;0;)
    (type $start (;0;) (func (param i32)))
    (type $open (;1;) (sub (func (param i64))))
    (table (;0;) i64 2 2 funcref)
    (table (;1;) 2 2 (ref null $start))
    (table (;2;) i64 3 3 (ref $open) ref.func $g)
    (table (;3;) 1 1 nullfuncref)
    (export "wide" (table 0))
    (export "typed" (table 1))
    (export "wide-typed" (table 2))
    (export "never" (table 3))
    (func $f (;0;) (type $start) (param i32))
    (func $g (;1;) (type $open) (param i64))
  )
  (core instance $tables (;0;) (instantiate $tables))
  (alias core export $tables "wide" (core table (;0;)))
  (core module (;1;)
    (table (;0;) 1 1 funcref)
    (export "holder" (table 0))
  )
  (core instance (;1;) (instantiate 1))
  (alias core export 1 "holder" (core table (;1;)))
  (core func (;0;) (canon thread.new-indirect $start 1))
  (core func (;1;) (canon thread.resume-later))
  (core module (;2;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func (param i64 i32) (result i32)))
    (import "" "table" (table (;0;) i64 0 funcref))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "holder" (table (;1;) 1 1 funcref))
    (import "" "resume" (func (;1;) (type 2)))
    (export "builtin" (func 2))
    (func (;2;) (type 3) (param i64 i32) (result i32)
      (local i32)
      i32.const 0
      local.get 0
      table.get 0
      table.set 1
      i32.const 0
      local.get 1
      call 0
      local.tee 2
      call 1
      local.get 2
    )
  )
  (core instance (;2;)
    (export "holder" (table 1))
    (export "new" (func 0))
    (export "resume" (func 1))
    (export "table" (table 0))
  )
  (core instance (;3;) (instantiate 2
      (with "" (instance 2))
    )
  )
  (alias core export 3 "builtin" (core func $wide (;2;)))
  (alias core export $tables "wide" (core table (;2;)))
  (core module (;3;)
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
  (core instance (;4;) (instantiate 3))
  (alias core export 4 "holder" (core table (;3;)))
  (alias core export 4 "put" (core func (;3;)))
  (core type (;2;) (func (param i32)))
  (core func (;4;) (canon thread.new-indirect 2 3))
  (core func (;5;) (canon thread.resume-later))
  (core module (;4;)
    (type (;0;) (sub (func (param i64))))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param (ref 0) i64) (result i32)))
    (type (;3;) (func (param i32)))
    (type (;4;) (func (param i64 i64) (result i32)))
    (import "" "table" (table (;0;) i64 0 funcref))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "put" (func (;1;) (type 2)))
    (import "" "resume" (func (;2;) (type 3)))
    (export "builtin" (func 3))
    (func (;3;) (type 4) (param i64 i64) (result i32)
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
    (export "put" (func 3))
    (export "new" (func 4))
    (export "resume" (func 5))
    (export "table" (table 2))
  )
  (core instance (;6;) (instantiate 4
      (with "" (instance 5))
    )
  )
  (alias core export 6 "builtin" (core func $wide-open (;6;)))
  (alias core export $tables "typed" (core table (;4;)))
  (core module (;5;)
    (table (;0;) 1 1 funcref)
    (export "holder" (table 0))
  )
  (core instance (;7;) (instantiate 5))
  (alias core export 7 "holder" (core table (;5;)))
  (core func (;7;) (canon thread.new-indirect $start 5))
  (core func (;8;) (canon thread.resume-later))
  (core module (;6;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func (param i32 i32) (result i32)))
    (import "" "table" (table (;0;) 0 (ref null 0)))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "holder" (table (;1;) 1 1 funcref))
    (import "" "resume" (func (;1;) (type 2)))
    (export "builtin" (func 2))
    (func (;2;) (type 3) (param i32 i32) (result i32)
      (local i32)
      i32.const 0
      local.get 0
      table.get 0
      table.set 1
      i32.const 0
      local.get 1
      call 0
      local.tee 2
      call 1
      local.get 2
    )
  )
  (core instance (;8;)
    (export "holder" (table 5))
    (export "new" (func 7))
    (export "resume" (func 8))
    (export "table" (table 4))
  )
  (core instance (;9;) (instantiate 6
      (with "" (instance 8))
    )
  )
  (alias core export 9 "builtin" (core func $typed (;9;)))
  (alias core export $tables "wide-typed" (core table (;6;)))
  (core module (;7;)
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
  (core instance (;10;) (instantiate 7))
  (alias core export 10 "holder" (core table (;7;)))
  (alias core export 10 "put" (core func (;10;)))
  (core type (;3;) (func (param i32)))
  (core func (;11;) (canon thread.new-indirect 3 7))
  (core func (;12;) (canon thread.resume-later))
  (core module (;8;)
    (type (;0;) (sub (func (param i64))))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param (ref 0) i64) (result i32)))
    (type (;3;) (func (param i32)))
    (type (;4;) (func (param i64 i64) (result i32)))
    (import "" "table" (table (;0;) i64 0 (ref 0)))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "put" (func (;1;) (type 2)))
    (import "" "resume" (func (;2;) (type 3)))
    (export "builtin" (func 3))
    (func (;3;) (type 4) (param i64 i64) (result i32)
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
  (core instance (;11;)
    (export "put" (func 10))
    (export "new" (func 11))
    (export "resume" (func 12))
    (export "table" (table 6))
  )
  (core instance (;12;) (instantiate 8
      (with "" (instance 11))
    )
  )
  (alias core export 12 "builtin" (core func $wide-typed (;13;)))
  (alias core export $tables "never" (core table (;8;)))
  (core module (;9;)
    (table (;0;) 1 1 funcref)
    (export "holder" (table 0))
  )
  (core instance (;13;) (instantiate 9))
  (alias core export 13 "holder" (core table (;9;)))
  (core func (;14;) (canon thread.new-indirect $start 9))
  (core func (;15;) (canon thread.resume-later))
  (core module (;10;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func (param i32 i32) (result i32)))
    (import "" "table" (table (;0;) 0 nullfuncref))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "holder" (table (;1;) 1 1 funcref))
    (import "" "resume" (func (;1;) (type 2)))
    (export "builtin" (func 2))
    (func (;2;) (type 3) (param i32 i32) (result i32)
      (local i32)
      i32.const 0
      local.get 0
      table.get 0
      table.set 1
      i32.const 0
      local.get 1
      call 0
      local.tee 2
      call 1
      local.get 2
    )
  )
  (core instance (;14;)
    (export "holder" (table 9))
    (export "new" (func 14))
    (export "resume" (func 15))
    (export "table" (table 8))
  )
  (core instance (;15;) (instantiate 10
      (with "" (instance 14))
    )
  )
  (alias core export 15 "builtin" (core func $never (;16;)))
  (core module $m (;11;)
    (type $wide (;0;) (func (param i64 i32) (result i32)))
    (type $wide-open (;1;) (func (param i64 i64) (result i32)))
    (type $typed (;2;) (func (param i32 i32) (result i32)))
    (type (;3;) (func (result i32)))
    (import "" "wide" (func $wide (;0;) (type $wide)))
    (import "" "wide-open" (func $wide-open (;1;) (type $wide-open)))
    (import "" "typed" (func $typed (;2;) (type $typed)))
    (import "" "wide-typed" (func $wide-typed (;3;) (type $wide-open)))
    (import "" "never" (func $never (;4;) (type $typed)))
    (export "run" (func 5))
    (func (;5;) (type 3) (result i32)
      i64.const 0
      i32.const 1
      call $wide
      drop
      i64.const 1
      i64.const 2
      call $wide-open
      drop
      i32.const 1
      i32.const 3
      call $typed
      drop
      i32.const 0
      i32.const 4
      call $never
      drop
      i64.const 2
      i64.const 5
      call $wide-typed
    )
  )
  (core instance (;16;)
    (export "wide" (func $wide))
    (export "wide-open" (func $wide-open))
    (export "typed" (func $typed))
    (export "wide-typed" (func $wide-typed))
    (export "never" (func $never))
  )
  (core instance $m (;17;) (instantiate $m
      (with "" (instance 16))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $m "run" (core func (;17;)))
  (func (;0;) (type 0) (canon lift (core func 17)))
  (export (;1;) "run" (func 0))
)
