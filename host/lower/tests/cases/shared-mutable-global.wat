(component
  (core module $m (global (export "g") (shared mut i32) (i32.const 0)))
  (core instance $m (instantiate $m)))
