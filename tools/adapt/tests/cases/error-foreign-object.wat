;; What a compiler makes of one source file, before it is linked.
(module
  (import "env" "__linear_memory" (memory 0))
  (func)
  (@custom "linking" "\02"))
