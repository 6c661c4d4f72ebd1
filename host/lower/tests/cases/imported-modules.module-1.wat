(module $main
  (type $write (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type $now (;1;) (func (result i64)))
  (type (;2;) (func (result i32)))
  (import "env" "memory" (memory (;0;) 1 2 shared))
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
