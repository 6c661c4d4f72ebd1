(component
  (component $plain (;0;)
    (core module $m (;0;)
      (type $add (;0;) (func (param i32 i32) (result i32)))
      (type (;1;) (func (result i32)))
      (global $calls (;0;) (mut i32) i32.const 0)
      (export "count" (func 0))
      (export "add" (func 1))
      (func (;0;) (type 1) (result i32)
        global.get $calls
        i32.const 1
        i32.add
        global.set $calls
        global.get $calls
      )
      (func (;1;) (type $add) (param i32 i32) (result i32)
        local.get 0
        local.get 1
        i32.add
      )
    )
    (core instance $m (;0;) (instantiate $m))
    (type (;0;) (func (result u32)))
    (alias core export $m "count" (core func (;0;)))
    (func (;0;) (type 0) (canon lift (core func 0)))
    (type (;1;) (func (param "a" u32) (param "b" u32) (result u32)))
    (alias core export $m "add" (core func (;1;)))
    (func (;1;) (type 1) (canon lift (core func 1)))
    (export (;2;) "count" (func 0))
    (export (;3;) "add" (func 1))
  )
  (instance $plain (;0;) (instantiate $plain))
  (component $threads (;1;)
    (type (;0;) (func (result u32)))
    (import "count" (func $count (;0;) (type 0)))
    (type (;1;) (func (param "a" u32) (param "b" u32) (result u32)))
    (import "add" (func $add (;1;) (type 1)))
    (core module $libc (;0;)
      (table (;0;) 1 1 funcref)
      (memory (;0;) 1 1)
      (export "memory" (memory 0))
      (export "table" (table 0))
    )
    (core instance $libc (;0;) (instantiate $libc))
    (core type $start (;0;) (func (param i32)))
    (alias core export $libc "table" (core table (;0;)))
    (core func (;0;) (canon thread.new-indirect $start 0))
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
    (core func $count (;3;) (canon lower (func $count)))
    (core func $add (;4;) (canon lower (func $add)))
    (core func $get (;5;) (canon context.get i32 0))
    (core func $set (;6;) (canon context.set i32 0))
    (core module $m (;2;)
      (type $start (;0;) (func (param i32)))
      (type $get (;1;) (func (result i32)))
      (type $add (;2;) (func (param i32 i32) (result i32)))
      (type $run (;3;) (func (result i32)))
      (import "libc" "memory" (memory (;0;) 1 1))
      (import "libc" "table" (table $table (;0;) 1 1 funcref))
      (import "host" "spawn" (func $spawn (;0;) (type $add)))
      (import "host" "count" (func $count (;1;) (type $run)))
      (import "host" "add" (func $add (;2;) (type $add)))
      (import "host" "get" (func $get (;3;) (type $get)))
      (import "host" "set" (func $set (;4;) (type $start)))
      (export "run" (func 6))
      (elem (;0;) (table $table) (i32.const 0) funcref (ref.func $thread))
      (func $thread (;5;) (type $start) (param i32)
        i32.const 5
        call $set
        i32.const 8
        local.get 0
        call $get
        call $add
        i32.store
        i32.const 0
        i32.const 1
        i32.atomic.store
        i32.const 0
        i32.const 1
        memory.atomic.notify
        drop
      )
      (func (;6;) (type $run) (result i32)
        call $count
        drop
        i32.const 0
        i32.const 37
        call $spawn
        drop
        i32.const 0
        i32.const 0
        i64.const -1
        memory.atomic.wait32
        drop
        call $count
        i32.const 100
        i32.mul
        i32.const 8
        i32.load
        i32.add
      )
    )
    (core instance (;3;)
      (export "spawn" (func $spawn))
      (export "count" (func $count))
      (export "add" (func $add))
      (export "get" (func $get))
      (export "set" (func $set))
    )
    (core instance $m (;4;) (instantiate $m
        (with "libc" (instance $libc))
        (with "host" (instance 3))
      )
    )
    (type (;2;) (func (result u32)))
    (alias core export $m "run" (core func (;7;)))
    (func (;2;) (type 2) (canon lift (core func 7)))
    (export (;3;) "run" (func 2))
  )
  (alias export $plain "count" (func (;0;)))
  (alias export $plain "add" (func (;1;)))
  (instance $threads (;1;) (instantiate $threads
      (with "count" (func 0))
      (with "add" (func 1))
    )
  )
  (alias export $threads "run" (func (;2;)))
  (export (;3;) "run" (func 2))
)
