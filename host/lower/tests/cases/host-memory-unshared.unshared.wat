(component
  (core type (;0;)
    (module
      (import "env" "memory" (memory 1))
      (type (;0;) (func))
      (export "f" (func (type 0)))
    )
  )
  (import "host" (core module $host (;0;) (type 0)))
  (core module $state (;1;)
    (memory (;0;) 1)
    (memory (;1;) 2)
    (export "memory" (memory 0))
    (export "other" (memory 1))
    (data (;0;) (i32.const 8) "once")
  )
  (core instance $state (;0;) (instantiate $state))
  (core module $passes (;2;)
    (import "state" "memory" (memory (;0;) 1))
    (export "memory" (memory 0))
  )
  (core instance $passes (;1;) (instantiate $passes
      (with "state" (instance $state))
    )
  )
  (core instance $host (;2;) (instantiate $host
      (with "env" (instance $passes))
    )
  )
  (core module $main (;3;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (import "state" "memory" (memory (;0;) 1))
    (import "state" "other" (memory (;1;) 2))
    (import "host" "f" (func $f (;0;) (type 0)))
    (export "run" (func 1))
    (func (;1;) (type 1) (result i32)
      call $f
      i32.const 0
      i32.const 0
      i64.const 0
      memory.atomic.wait32
      drop
      i32.const 8
      i32.load
      i32.const 8
      i32.load 1
      i32.add
    )
  )
  (core instance $main (;3;) (instantiate $main
      (with "state" (instance $state))
      (with "host" (instance $host))
    )
  )
  (type (;0;) (func (result s32)))
  (alias core export $main "run" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "run" (func 0))
)
