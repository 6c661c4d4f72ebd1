(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i64)))
  (type (;3;) (func))
  (import "weft" "thread.available-parallelism" (func $again (;0;) (type 0)))
  (import "weft" "thread.index" (func $index (;1;) (type 0)))
  (import "weft" "thread.available-parallelism 2" (func $parallelism (;2;) (type 0)))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;3;) (type 0) (result i32)
    call $index
    call $again
    i32.add
    call $parallelism
    i32.add
  )
  (func $"weft:lift 0" (;4;) (type 2) (result i64)
    call 3
    i64.extend_i32_u
  )
  (func $weft:initialize (;5;) (type 3))
)
