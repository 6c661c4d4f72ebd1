(module $define
  (table (;0;) 2 2 funcref)
  (memory (;0;) 1)
  (global (;0;) i32 i32.const 4)
  (export "table" (table 0))
  (export "own" (memory 0))
  (export "global" (global 0))
)
