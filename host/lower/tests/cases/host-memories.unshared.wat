(component
  (core type (;0;)
    (module
      (import "env" "memory" (memory 0 65536))
      (type (;0;) (func (param i32 i64) (result i32)))
      (export "write" (func (type 0)))
      (export "zero" (global i32))
    )
  )
  (import "host" (core module $host (;0;) (type 0)))
  (core type (;1;)
    (module
      (type (;0;) (func))
      (export "f" (func (type 0)))
    )
  )
  (import "other" (core module $other (;1;) (type 1)))
  (core module $state (;2;)
    (memory (;0;) 1 2)
    (export "memory" (memory 0))
  )
  (core instance $one (;0;) (instantiate $state))
  (core instance $two (;1;) (instantiate $state))
  (core instance $host_one (;2;) (instantiate $host
      (with "env" (instance $one))
    )
  )
  (core instance $host_two (;3;) (instantiate $host
      (with "env" (instance $two))
    )
  )
  (core instance $other (;4;) (instantiate $other))
  (core module $main (;3;)
    (type (;0;) (func (param i32 i64) (result i32)))
    (type (;1;) (func))
    (type (;2;) (func (result i32)))
    (import "one" "write" (func $one (;0;) (type 0)))
    (import "two" "write" (func $two (;1;) (type 0)))
    (import "two" "zero" (global $zero (;0;) i32))
    (import "other" "f" (func $f (;2;) (type 1)))
    (export "run" (func 3))
    (func (;3;) (type 2) (result i32)
      call $f
      i32.const 1
      i64.const 2
      call $one
      global.get $zero
      i64.const 3
      call $two
      i32.add
    )
  )
  (core instance $main (;5;) (instantiate $main
      (with "one" (instance $host_one))
      (with "two" (instance $host_two))
      (with "other" (instance $other))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $main "run" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "run" (func 0))
)
