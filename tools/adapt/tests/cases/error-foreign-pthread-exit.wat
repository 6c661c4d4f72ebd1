;; What the linker makes of a call that no library answers.
(module
  (import "env" "pthread_exit" (func (param i32)))
  (memory (export "memory") 1 16 shared)
  (func (export "_start")))
