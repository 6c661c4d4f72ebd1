(module
  (type $unary32 (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (result i32 i64)))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i64) (result i64)))
  (type (;4;) (func (param eqref) (result eqref)))
  (type (;5;) (func (param i64 i64) (result i64)))
  (type (;6;) (func (param eqref eqref) (result eqref)))
  (type (;7;) (func (result i32)))
  (import "" "a" (global $a (;0;) (mut i32)))
  (global $b (;1;) (mut i64) i64.const 1)
  (global $c (;2;) (mut eqref) ref.null eq)
  (export "get" (func 0))
  (export "set" (func 1))
  (export "add" (func 2))
  (export "sub" (func 3))
  (export "and" (func 4))
  (export "or" (func 5))
  (export "xor" (func 6))
  (export "xchg" (func 7))
  (export "xchg-ref" (func 8))
  (export "cmpxchg" (func 9))
  (export "cmpxchg-ref" (func 10))
  (export "several" (func 11))
  (export "unreached" (func 12))
  (func (;0;) (type 1) (result i32 i64)
    global.get $a
    global.get $b
  )
  (func (;1;) (type 2) (param $x i32)
    (local i64 f32)
    local.get $x
    global.set $a
    i64.const 7
    global.set $b
  )
  (func (;2;) (type $unary32) (param i32) (result i32)
    (local $own f64) (local i32 i32)
    local.get 0
    local.set 2
    global.get $a
    local.set 3
    local.get 3
    local.get 2
    i32.add
    global.set $a
    local.get 3
  )
  (func (;3;) (type 3) (param i64) (result i64)
    (local i64 i64)
    local.get 0
    local.set 1
    global.get $b
    local.set 2
    local.get 2
    local.get 1
    i64.sub
    global.set $b
    local.get 2
  )
  (func (;4;) (type 3) (param i64) (result i64)
    (local i64 i64)
    local.get 0
    local.set 1
    global.get $b
    local.set 2
    local.get 2
    local.get 1
    i64.and
    global.set $b
    local.get 2
  )
  (func (;5;) (type $unary32) (param i32) (result i32)
    (local i32 i32)
    local.get 0
    local.set 1
    global.get $a
    local.set 2
    local.get 2
    local.get 1
    i32.or
    global.set $a
    local.get 2
  )
  (func (;6;) (type $unary32) (param i32) (result i32)
    (local i32 i32)
    local.get 0
    local.set 1
    global.get $a
    local.set 2
    local.get 2
    local.get 1
    i32.xor
    global.set $a
    local.get 2
  )
  (func (;7;) (type $unary32) (param i32) (result i32)
    (local i32 i32)
    local.get 0
    local.set 1
    global.get $a
    local.set 2
    local.get 1
    global.set $a
    local.get 2
  )
  (func (;8;) (type 4) (param eqref) (result eqref)
    (local eqref eqref)
    local.get 0
    local.set 1
    global.get $c
    local.set 2
    local.get 1
    global.set $c
    local.get 2
  )
  (func (;9;) (type 5) (param i64 i64) (result i64)
    (local i64 i64 i64)
    local.get 0
    local.get 1
    local.set 2
    local.set 3
    global.get $b
    local.set 4
    local.get 4
    local.get 3
    i64.eq
    if ;; label = @1
      local.get 2
      global.set $b
    end
    local.get 4
  )
  (func (;10;) (type 6) (param eqref eqref) (result eqref)
    (local eqref eqref eqref)
    local.get 0
    local.get 1
    local.set 2
    local.set 3
    global.get $c
    local.set 4
    local.get 4
    local.get 3
    ref.eq
    if ;; label = @1
      local.get 2
      global.set $c
    end
    local.get 4
  )
  (func (;11;) (type 7) (result i32)
    (local i32 i32 i32)
    i32.const 1
    i32.const 2
    local.set 0
    global.get $a
    local.set 1
    local.get 0
    global.set $a
    local.get 1
    local.set 0
    local.set 1
    global.get $a
    local.set 2
    local.get 2
    local.get 1
    i32.eq
    if ;; label = @1
      local.get 0
      global.set $a
    end
    local.get 2
    local.set 0
    global.get $a
    local.set 1
    local.get 1
    local.get 0
    i32.add
    global.set $a
    local.get 1
  )
  (func (;12;) (type 7) (result i32)
    (local i32 i32)
    unreachable
    local.set 0
    global.get $a
    local.set 1
    local.get 1
    local.get 0
    i32.sub
    global.set $a
    local.get 1
  )
)
