(module
  (import "env" "g" (global i32))
  (global i32 (i32.const 0))
  (global (shared mut i32) (i32.const 0)))
