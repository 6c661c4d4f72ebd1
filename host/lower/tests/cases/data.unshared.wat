(component
  (core module $base (;0;)
    (global (;0;) i32 i32.const 100)
    (global (;1;) i64 i64.const 200)
    (export "base" (global 0))
    (export "base64" (global 1))
  )
  (core instance $base (;0;) (instantiate $base))
  (core func $get0 (;0;) (canon context.get i32 0))
  (core module $first (;1;)
    (type $read (;0;) (func (result i32)))
    (import "c" "get" (func $get (;0;) (type $read)))
    (export "f" (func 1))
    (func (;1;) (type $read) (result i32)
      call $get
    )
  )
  (core instance (;1;)
    (export "get" (func $get0))
  )
  (core instance $first (;2;) (instantiate $first
      (with "c" (instance 1))
    )
  )
  (core module $m (;2;)
    (type $read (;0;) (func (result i32)))
    (type $unshared (;1;) (func (result i32)))
    (import "c" "get" (func $get (;0;) (type $read)))
    (import "b" "base" (global $base (;0;) i32))
    (import "b" "base64" (global $base64 (;1;) i64))
    (memory $own (;0;) 1)
    (memory $shared (;1;) 1 2)
    (memory $wide (;2;) i64 1 2)
    (global $constant (;2;) i32 i32.const 300)
    (export "memory" (memory $shared))
    (export "f" (func 1))
    (func (;1;) (type $unshared) (result i32)
      i32.const 0
      i32.const 0
      i32.const 7
      memory.init $shared $passive
      i32.const 0
      i32.const 0
      i32.const 7
      memory.init $passive
      data.drop $passive
      call $get
    )
    (data $zero (;0;) (memory $shared) (i32.const 16) "constant")
    (data $passive (;1;) "passive")
    (data $one (;2;) (i32.const 16) "own")
    (data $two (;3;) (memory $shared) (global.get $base) "imported global")
    (data $three (;4;) (memory $shared) (offset global.get $base i32.const 4 i32.const 9 i32.const 1 i32.sub i32.mul i32.add) "sum")
    (data $four (;5;) (memory $wide) (offset global.get $base64 i64.const 4 i64.const 9 i64.const 1 i64.sub i64.mul i64.add) "wide")
    (data $five (;6;) (memory $shared) (global.get $constant) "")
  )
  (core instance (;3;)
    (export "get" (func $get0))
  )
  (core instance $m (;4;) (instantiate $m
      (with "b" (instance $base))
      (with "c" (instance 3))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $m "f" (core func (;1;)))
  (func (;0;) (type 0) (canon lift (core func 1)))
  (export (;1;) "f" (func 0))
)
