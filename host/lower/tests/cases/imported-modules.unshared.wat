(component
  (core type (;0;)
    (module
      (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
      (type (;1;) (func (param i32)))
      (import "env" "memory" (memory 1 2))
      (export "fd_write" (func (type 0)))
      (export "proc_exit" (func (type 1)))
    )
  )
  (import "wasi-snapshot-preview1" (core module $wasi (;0;) (type 0)))
  (core type (;1;)
    (module
      (type (;0;) (func (result i64)))
      (export "now" (func (type 0)))
    )
  )
  (import "clock" (core module $clock (;1;) (type 1)))
  (core type (;2;)
    (module
      (type (;0;) (func))
      (export "f" (func (type 0)))
    )
  )
  (import "idle" (core module $idle (;2;) (type 2)))
  (core module $memory (;3;)
    (memory (;0;) 1 2)
    (export "memory" (memory 0))
  )
  (core instance $memory (;0;) (instantiate $memory))
  (core instance $clock (;1;) (instantiate $clock))
  (core instance $wasi (;2;) (instantiate $wasi
      (with "env" (instance $memory))
    )
  )
  (core module $main (;4;)
    (type $write (;0;) (func (param i32 i32 i32 i32) (result i32)))
    (type $now (;1;) (func (result i64)))
    (type (;2;) (func (result i32)))
    (import "env" "memory" (memory (;0;) 1 2))
    (import "wasi" "fd_write" (func $write (;0;) (type $write)))
    (import "clock" "now" (func $now (;1;) (type $now)))
    (export "f" (func 2))
    (func (;2;) (type 2) (result i32)
      i32.const 0
      call $now
      i64.store
      i32.const 1
      i32.const 0
      i32.const 1
      i32.const 8
      call $write
    )
  )
  (core instance $main (;3;) (instantiate $main
      (with "env" (instance $memory))
      (with "wasi" (instance $wasi))
      (with "clock" (instance $clock))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $main "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
