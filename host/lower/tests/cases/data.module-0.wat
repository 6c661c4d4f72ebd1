(module $base
  (global (;0;) i32 i32.const 100)
  (global (;1;) i64 i64.const 200)
  (export "base" (global 0))
  (export "base64" (global 1))
)
