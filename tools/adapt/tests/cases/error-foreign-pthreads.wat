;; Linked with `--allow-undefined`, where the library's function was meant.
(module
  (import "env" "memory" (memory 1 16 shared))
  (import "env" "pthread_create" (func (param i32 i32 i32 i32) (result i32)))
  (func (export "_start")))
