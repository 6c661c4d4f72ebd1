(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (import "weft" "thread.available-parallelism" (func $again (;0;) (type 0)))
  (import "weft" "thread.index" (func $index (;1;) (type 0)))
  (import "weft" "thread.available-parallelism 2" (func $parallelism (;2;) (type 0)))
  (export "0:3" (func 3))
  (export "weft:initialize" (func $weft:initialize))
  (func (;3;) (type 0) (result i32)
    call $index
    call $again
    i32.add
    call $parallelism
    i32.add
  )
  (func $weft:initialize (;4;) (type 1))
)
