(component
  (core module $tables (;0;)
    (table (;0;) 2 2 funcref)
    (table (;1;) 3 3 funcref)
    (export "first" (table 0))
    (export "second" (table 1))
  )
  (core instance $a (;0;) (instantiate $tables))
  (core instance $b (;1;) (instantiate $tables))
  (core type $start (;0;) (func (param i32)))
  (alias core export $a "first" (core table $a1 (;0;)))
  (alias core export $a "second" (core table $a2 (;1;)))
  (alias core export $b "second" (core table $b2 (;2;)))
  (core func $index (;0;) (canon thread.index))
  (core func (;1;) (canon thread.new-indirect $start $b2))
  (core func (;2;) (canon thread.resume-later))
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
  (core instance (;2;)
    (export "new" (func 1))
    (export "resume" (func 2))
  )
  (core instance (;3;) (instantiate 1
      (with "" (instance 2))
    )
  )
  (alias core export 3 "builtin" (core func $spawn-b2 (;3;)))
  (core func $get (;4;) (canon context.get i32 1))
  (core func (;5;) (canon thread.new-indirect $start $a1))
  (core func (;6;) (canon thread.resume-later))
  (core module (;2;)
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
  (core instance (;4;)
    (export "new" (func 5))
    (export "resume" (func 6))
  )
  (core instance (;5;) (instantiate 2
      (with "" (instance 4))
    )
  )
  (alias core export 5 "builtin" (core func $spawn-a1 (;7;)))
  (core func (;8;) (canon thread.new-indirect $start $a2))
  (core func (;9;) (canon thread.resume-later))
  (core module (;3;)
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
  (core instance (;6;)
    (export "new" (func 8))
    (export "resume" (func 9))
  )
  (core instance (;7;) (instantiate 3
      (with "" (instance 6))
    )
  )
  (alias core export 7 "builtin" (core func $spawn-a2 (;10;)))
  (core func $set (;11;) (canon context.set i32 1))
  (core func (;12;) (canon thread.new-indirect $start $a2))
  (core func (;13;) (canon thread.resume-later))
  (core module (;4;)
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
  (core instance (;8;)
    (export "new" (func 12))
    (export "resume" (func 13))
  )
  (core instance (;9;) (instantiate 4
      (with "" (instance 8))
    )
  )
  (alias core export 9 "builtin" (core func $spawn-a2-again (;14;)))
  (core module $main (;5;)
    (type $spawn (;0;) (func (param i32 i32) (result i32)))
    (type $read (;1;) (func (result i32)))
    (type $write (;2;) (func (param i32)))
    (import "t" "index" (func $index (;0;) (type $read)))
    (import "t" "a1" (func $a1 (;1;) (type $spawn)))
    (import "t" "a2" (func $a2 (;2;) (type $spawn)))
    (import "t" "b2" (func $b2 (;3;) (type $spawn)))
    (import "t" "get" (func $get (;4;) (type $read)))
    (import "t" "set" (func $set (;5;) (type $write)))
    (import "t" "a2-again" (func $a2-again (;6;) (type $spawn)))
    (export "run" (func 7))
    (func (;7;) (type $read) (result i32)
      call $index
      call $get
      call $a1
      call $set
      call $index
      call $get
      call $a2
      call $set
      call $index
      call $get
      call $b2
      call $set
      i32.const 0
      i32.const 1
      call $a2-again
    )
  )
  (core instance (;10;)
    (export "index" (func $index))
    (export "a1" (func $spawn-a1))
    (export "a2" (func $spawn-a2))
    (export "b2" (func $spawn-b2))
    (export "get" (func $get))
    (export "set" (func $set))
    (export "a2-again" (func $spawn-a2-again))
  )
  (core instance $main (;11;) (instantiate $main
      (with "t" (instance 10))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $main "run" (core func (;15;)))
  (func (;0;) (type 0) (canon lift (core func 15)))
  (export (;1;) "run" (func 0))
)
