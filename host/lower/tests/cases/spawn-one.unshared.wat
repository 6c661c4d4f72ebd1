(component
  (core module $m (;0;)
    (type $start (;0;) (func (param i32)))
    (table (;0;) 2 2 funcref)
    (memory (;0;) 1 2)
    (export "memory" (memory 0))
    (export "table" (table 0))
    (elem (;0;) (table 0) (i32.const 1) funcref (ref.func $run))
    (func $run (;0;) (type $start) (param i32)
      i32.const 0
      local.get 0
      i32.atomic.store offset=8
      i32.const 0
      i32.const 1
      memory.atomic.notify offset=8
      drop
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (core type $start (;0;) (func (param i32)))
  (alias core export $i "table" (core table $table (;0;)))
  (core func (;0;) (canon thread.new-indirect $start $table))
  (core func (;1;) (canon thread.resume-later))
  (core module (;1;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (param i32)))
    (type (;2;) (func (param i32 i32) (result i32)))
    (import "" "new" (func (;0;) (type 0)))
    (import "" "resume" (func (;1;) (type 1)))
    (export "builtin" (func 2))
    (func (;2;) (type 2) (param i32 i32) (result i32)
      (local i32)
      local.get 0
      local.get 1
      call 0
      local.tee 2
      call 1
      local.get 2
    )
  )
  (core instance (;1;)
    (export "new" (func 0))
    (export "resume" (func 1))
  )
  (core instance (;2;) (instantiate 1
      (with "" (instance 1))
    )
  )
  (alias core export 2 "builtin" (core func $spawn (;2;)))
  (core module $main (;2;)
    (type $spawn (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (result i32)))
    (import "threads" "spawn" (func $spawn (;0;) (type $spawn)))
    (export "run" (func 1))
    (func (;1;) (type 1) (result i32)
      i32.const 1
      i32.const 77
      call $spawn
    )
  )
  (core instance (;3;)
    (export "spawn" (func $spawn))
  )
  (core instance $main (;4;) (instantiate $main
      (with "threads" (instance 3))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $main "run" (core func (;3;)))
  (func (;0;) (type 0) (canon lift (core func 3)))
  (export (;1;) "run" (func 0))
)
