(component
  (core type $start (;0;) (func (param i32)))
  (core type $preemptive (;1;) (func (param i32)))
  (core type $wide (;2;) (func (param i64)))
  (core type $open (;3;) (sub (func (param i32))))
  (core module (;0;)
    (table (;0;) 1 1 funcref)
    (export "holder" (table 0))
  )
  (core instance (;0;) (instantiate 0))
  (alias core export 0 "holder" (core table (;0;)))
  (core func (;0;) (canon thread.new-indirect $preemptive 0))
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
  (core func $index (;3;) (canon thread.index))
  (core module (;2;)
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
  (core instance (;3;) (instantiate 2))
  (alias core export 3 "holder" (core table (;1;)))
  (alias core export 3 "put" (core func (;4;)))
  (core type (;4;) (func (param i32)))
  (core func (;5;) (canon thread.new-indirect 4 1))
  (core func (;6;) (canon thread.resume-later))
  (core module (;3;)
    (type (;0;) (func (param i64)))
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
  (core instance (;4;)
    (export "put" (func 4))
    (export "new" (func 5))
    (export "resume" (func 6))
  )
  (core instance (;5;) (instantiate 3
      (with "" (instance 4))
    )
  )
  (alias core export 5 "builtin" (core func $spawn-wide (;7;)))
  (core module (;4;)
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
  (core instance (;6;) (instantiate 4))
  (alias core export 6 "holder" (core table (;2;)))
  (alias core export 6 "put" (core func (;8;)))
  (core type (;5;) (func (param i32)))
  (core func (;9;) (canon thread.new-indirect 5 2))
  (core func (;10;) (canon thread.resume-later))
  (core module (;5;)
    (type (;0;) (sub (func (param i32))))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param (ref 0) i32) (result i32)))
    (type (;3;) (func (param i32)))
    (type (;4;) (func (param (ref null 0) i32) (result i32)))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "put" (func (;1;) (type 2)))
    (import "" "resume" (func (;2;) (type 3)))
    (export "builtin" (func 3))
    (func (;3;) (type 4) (param (ref null 0) i32) (result i32)
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
  (core instance (;7;)
    (export "put" (func 8))
    (export "new" (func 9))
    (export "resume" (func 10))
  )
  (core instance (;8;) (instantiate 5
      (with "" (instance 7))
    )
  )
  (alias core export 8 "builtin" (core func $spawn-open (;11;)))
  (core module $m (;6;)
    (type $start (;0;) (func (param i32)))
    (type $wide (;1;) (func (param i64)))
    (type $open (;2;) (sub (func (param i32))))
    (type $spawn (;3;) (func (param (ref null $start) i32) (result i32)))
    (type $spawn-wide (;4;) (func (param (ref null $wide) i64) (result i32)))
    (type $spawn-open (;5;) (func (param (ref null $open) i32) (result i32)))
    (type (;6;) (func (result i32)))
    (import "" "spawn" (func $spawn (;0;) (type $spawn)))
    (import "" "wide" (func $spawn-wide (;1;) (type $spawn-wide)))
    (import "" "open" (func $spawn-open (;2;) (type $spawn-open)))
    (import "" "index" (func $index (;3;) (type 6)))
    (export "run" (func 7))
    (elem (;0;) declare func $f $g $h)
    (func $f (;4;) (type $start) (param i32))
    (func $g (;5;) (type $wide) (param i64))
    (func $h (;6;) (type $open) (param i32))
    (func (;7;) (type 6) (result i32)
      ref.func $g
      i64.const 1
      call $spawn-wide
      drop
      ref.func $h
      i32.const 2
      call $spawn-open
      drop
      ref.func $f
      call $index
      call $spawn
    )
  )
  (core instance (;9;)
    (export "spawn" (func $spawn))
    (export "wide" (func $spawn-wide))
    (export "open" (func $spawn-open))
    (export "index" (func $index))
  )
  (core instance $m (;10;) (instantiate $m
      (with "" (instance 9))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $m "run" (core func (;12;)))
  (func (;0;) (type 0) (canon lift (core func 12)))
  (export (;1;) "run" (func 0))
)
