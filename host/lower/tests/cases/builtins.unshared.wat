(component
  (core func $index (;0;) (canon thread.index))
  (core module (;0;)
    (type (;0;) (func (result i32)))
    (export "available-parallelism" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 1
    )
  )
  (core instance (;0;))
  (core instance (;1;) (instantiate 0
      (with "" (instance 0))
    )
  )
  (alias core export 1 "available-parallelism" (core func $parallelism (;1;)))
  (core module (;1;)
    (type (;0;) (func (result i32)))
    (export "available-parallelism" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 1
    )
  )
  (core instance (;2;))
  (core instance (;3;) (instantiate 1
      (with "" (instance 2))
    )
  )
  (alias core export 3 "available-parallelism" (core func $again (;2;)))
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
  (core instance (;4;)
    (export "index" (func $index))
    (export "parallelism" (func $parallelism))
    (export "again" (func $again))
  )
  (core instance $i (;5;) (instantiate $m
      (with "t" (instance 4))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $i "f" (core func (;3;)))
  (func (;0;) (type 0) (canon lift (core func 3)))
  (export (;1;) "f" (func 0))
)
