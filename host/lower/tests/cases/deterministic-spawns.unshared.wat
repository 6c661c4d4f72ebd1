(component
  (core module $tables (;0;)
    (table (;0;) 1 funcref)
    (table (;1;) i64 1 funcref)
    (export "narrow" (table 0))
    (export "wide" (table 1))
  )
  (core instance $tables (;0;) (instantiate $tables))
  (core type $start (;0;) (func (param i32)))
  (core type $long (;1;) (func (param i64)))
  (alias core export $tables "narrow" (core table (;0;)))
  (core func (;0;) (canon thread.index))
  (core module (;1;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (import "" "index" (func (;0;) (type 0)))
    (export "builtin" (func 1))
    (func (;1;) (type 1) (param i32 i32) (result i32)
      call 0
      drop
      i32.const 0
    )
  )
  (core instance (;1;)
    (export "index" (func 0))
  )
  (core instance (;2;) (instantiate 1
      (with "" (instance 1))
    )
  )
  (alias core export 2 "builtin" (core func $spawn (;1;)))
  (alias core export $tables "wide" (core table (;1;)))
  (core func (;2;) (canon thread.index))
  (core module (;2;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i64 i64) (result i32)))
    (import "" "index" (func (;0;) (type 0)))
    (export "builtin" (func 1))
    (func (;1;) (type 1) (param i64 i64) (result i32)
      call 0
      drop
      i32.const 0
    )
  )
  (core instance (;3;)
    (export "index" (func 2))
  )
  (core instance (;4;) (instantiate 2
      (with "" (instance 3))
    )
  )
  (alias core export 4 "builtin" (core func $spawn-wide (;3;)))
  (core func (;4;) (canon thread.index))
  (core module (;3;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (result i32)))
    (type (;2;) (func (param (ref null 0) i32) (result i32)))
    (import "" "index" (func (;0;) (type 1)))
    (export "builtin" (func 1))
    (func (;1;) (type 2) (param (ref null 0) i32) (result i32)
      call 0
      drop
      i32.const 0
    )
  )
  (core instance (;5;)
    (export "index" (func 4))
  )
  (core instance (;6;) (instantiate 3
      (with "" (instance 5))
    )
  )
  (alias core export 6 "builtin" (core func $spawn-ref (;5;)))
  (core func (;6;) (canon thread.index))
  (core module (;4;)
    (type (;0;) (func (param i64)))
    (type (;1;) (func (result i32)))
    (type (;2;) (func (param (ref null 0) i64) (result i32)))
    (import "" "index" (func (;0;) (type 1)))
    (export "builtin" (func 1))
    (func (;1;) (type 2) (param (ref null 0) i64) (result i32)
      call 0
      drop
      i32.const 0
    )
  )
  (core instance (;7;)
    (export "index" (func 6))
  )
  (core instance (;8;) (instantiate 4
      (with "" (instance 7))
    )
  )
  (alias core export 8 "builtin" (core func $spawn-long (;7;)))
  (alias core export $tables "narrow" (core table (;2;)))
  (core func $new (;8;) (canon thread.new-indirect $start 2))
  (core module (;5;)
    (type (;0;) (func (result i32)))
    (export "builtin" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 1
    )
  )
  (core instance (;9;) (instantiate 5))
  (alias core export 9 "builtin" (core func $parallelism (;9;)))
  (core module $m (;6;)
    (type $start (;0;) (func (param i32)))
    (type $long (;1;) (func (param i64)))
    (type (;2;) (func (param i32 i32) (result i32)))
    (type (;3;) (func (param i64 i64) (result i32)))
    (type (;4;) (func (param (ref null $start) i32) (result i32)))
    (type (;5;) (func (param (ref null $long) i64) (result i32)))
    (type (;6;) (func (result i32)))
    (import "" "spawn" (func $spawn (;0;) (type 2)))
    (import "" "spawn-wide" (func $spawn-wide (;1;) (type 3)))
    (import "" "spawn-ref" (func $spawn-ref (;2;) (type 4)))
    (import "" "spawn-long" (func $spawn-long (;3;) (type 5)))
    (import "" "new" (func $new (;4;) (type 2)))
    (import "" "parallelism" (func $parallelism (;5;) (type 6)))
    (export "run" (func 6))
    (func (;6;) (type 6) (result i32)
      i64.const 1
      i64.const 2
      call $spawn-wide
      drop
      ref.null $start
      i32.const 3
      call $spawn-ref
      drop
      ref.null $long
      i64.const 4
      call $spawn-long
      drop
      i32.const 0
      call $parallelism
      call $new
      drop
      i32.const 5
      i32.const 6
      call $spawn
    )
  )
  (core instance (;10;)
    (export "spawn" (func $spawn))
    (export "spawn-wide" (func $spawn-wide))
    (export "spawn-ref" (func $spawn-ref))
    (export "spawn-long" (func $spawn-long))
    (export "new" (func $new))
    (export "parallelism" (func $parallelism))
  )
  (core instance $m (;11;) (instantiate $m
      (with "" (instance 10))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $m "run" (core func (;10;)))
  (func (;0;) (type 0) (canon lift (core func 10)))
  (export (;1;) "run" (func 0))
)
