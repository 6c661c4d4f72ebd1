;; A library that grows its memory and exports no allocator: its calls have a fixed number of stacks, as many as the memory has room for.
(module
  (import "env" "memory" (memory 2 16 shared))
  (import "$root" "[thread-available-parallelism]" (func $parallelism (result i32)))
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (func (export "allocate") (param $pages i32) (result i32)
    (drop (global.get $__stack_pointer))
    (drop (call $parallelism))
    (memory.grow (local.get $pages))))
