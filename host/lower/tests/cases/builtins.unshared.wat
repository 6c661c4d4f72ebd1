(component
  (core func $index (;0;) (canon thread.index))
  (core module (;0;)
    (type (;0;) (func (result i32)))
    (export "builtin" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 1
    )
  )
  (core instance (;0;) (instantiate 0))
  (alias core export 0 "builtin" (core func $parallelism (;1;)))
  (core module (;1;)
    (type (;0;) (func (result i32)))
    (export "builtin" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 1
    )
  )
  (core instance (;1;) (instantiate 1))
  (alias core export 1 "builtin" (core func $again (;2;)))
  (core module $m (;2;)
    (type $read (;0;) (func (result i32)))
    (import "t" "again" (func $again (;0;) (type $read)))
    (import "t" "index" (func $index (;1;) (type $read)))
    (import "t" "parallelism" (func $parallelism (;2;) (type $read)))
    (export "f" (func 3))
    (func (;3;) (type $read) (result i32)
      call $index
      call $again
      i32.add
      call $parallelism
      i32.add
    )
  )
  (core instance (;2;)
    (export "index" (func $index))
    (export "parallelism" (func $parallelism))
    (export "again" (func $again))
  )
  (core instance $i (;3;) (instantiate $m
      (with "t" (instance 2))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $i "f" (core func (;3;)))
  (func (;0;) (type 0) (canon lift (core func 3)))
  (export (;1;) "f" (func 0))
)
