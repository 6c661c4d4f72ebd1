(module $pass
  (import "d" "own" (memory (;0;) 1))
  (import "d" "global" (global (;0;) i32))
  (import "d" "table" (table (;0;) 2 2 funcref))
  (export "own" (memory 0))
  (export "global" (global 0))
  (export "table" (table 0))
)
