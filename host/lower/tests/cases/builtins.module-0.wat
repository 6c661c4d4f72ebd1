(module $m
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
