(module $five
  (type $spawn (;0;) (func (param i32 i32) (result i32)))
  (type $parallelism (;1;) (func (result i32)))
  (import "t" "spawn" (func $spawn (;0;) (type $spawn)))
  (import "t" "parallelism" (func $parallelism (;1;) (type $parallelism)))
  (import "host" "h" (func $host (;2;) (type $parallelism)))
  (export "f" (func 3))
  (func (;3;) (type $parallelism) (result i32)
    call $parallelism
    call $host
    call $spawn
  )
)
