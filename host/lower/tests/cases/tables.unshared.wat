(component
  (core module $define (;0;)
    (type $start (;0;) (func (param i32)))
    (type (;1;) (func))
    (table $shared (;0;) 4 4 funcref)
    (table $own (;1;) 1 funcref)
    (export "shared" (table $shared))
    (export "own" (table $own))
    (export "f" (func $f))
    (export "g" (func $g))
    (export "write" (func 3))
    (elem (;0;) (table $shared) (i32.const 1) funcref (ref.func $g) (ref.func $f))
    (elem $passive (;1;) func $h)
    (func $f (;0;) (type $start) (param i32))
    (func $g (;1;) (type $start) (param i32))
    (func $h (;2;) (type 1))
    (func (;3;) (type 1)
      i32.const 0
      i32.const 0
      i32.const 1
      table.init $own $passive
      elem.drop $passive
      i32.const 0
      i32.const 0
      table.get $own
      table.set $own
      i32.const 0
      ref.null func
      i32.const 1
      table.fill $own
      ref.func $h
      table.size $shared
      table.grow $own
      drop
      i32.const 0
      i32.const 1
      i32.const 1
      table.copy $own $own
    )
  )
  (core instance $define (;0;) (instantiate $define))
  (core module $pass (;1;)
    (type $start (;0;) (func (param i32)))
    (import "d" "own" (table (;0;) 0 funcref))
    (import "d" "f" (func $f (;0;) (type $start)))
    (import "d" "shared" (table $t (;1;) 4 4 funcref))
    (export "table" (table $t))
    (export "same" (table $t))
    (elem (;0;) (table $t) (i32.const 3) funcref (ref.func $f))
  )
  (core instance $pass (;1;) (instantiate $pass
      (with "d" (instance $define))
    )
  )
  (core type $start (;0;) (func (param i32)))
  (alias core export $pass "same" (core table $same (;0;)))
  (alias core export $define "shared" (core table $shared (;1;)))
  (core func (;0;) (canon thread.new-indirect $start $same))
  (core func (;1;) (canon thread.resume-later))
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
  (core instance (;2;)
    (export "new" (func 0))
    (export "resume" (func 1))
  )
  (core instance (;3;) (instantiate 2
      (with "" (instance 2))
    )
  )
  (alias core export 3 "builtin" (core func $spawn1 (;2;)))
  (core func (;3;) (canon thread.new-indirect $start $shared))
  (core func (;4;) (canon thread.resume-later))
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
  (core instance (;4;)
    (export "new" (func 3))
    (export "resume" (func 4))
  )
  (core instance (;5;) (instantiate 3
      (with "" (instance 4))
    )
  )
  (alias core export 5 "builtin" (core func $spawn2 (;5;)))
  (core module $main (;4;)
    (type $spawn (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (result i32)))
    (import "" "spawn1" (func $spawn1 (;0;) (type $spawn)))
    (import "" "spawn2" (func $spawn2 (;1;) (type $spawn)))
    (export "f" (func 2))
    (func (;2;) (type 1) (result i32)
      i32.const 1
      i32.const 0
      call $spawn1
      i32.const 1
      i32.const 0
      call $spawn2
      i32.add
    )
  )
  (core instance (;6;)
    (export "spawn1" (func $spawn1))
    (export "spawn2" (func $spawn2))
  )
  (core instance $main (;7;) (instantiate $main
      (with "" (instance 6))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $main "f" (core func (;6;)))
  (func (;0;) (type 0) (canon lift (core func 6)))
  (type (;1;) (func))
  (alias core export $define "write" (core func (;7;)))
  (func (;1;) (type 1) (canon lift (core func 7)))
  (export (;2;) "f" (func 0))
  (export (;3;) "write" (func 1))
)
