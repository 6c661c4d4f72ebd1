(module
  (type $s (;0;) (struct (field $a (mut i32)) (field $b (mut i64)) (field $p (mut i8)) (field $r (mut eqref))))
  (type $n (;1;) (array (mut i32)))
  (type $p (;2;) (array (mut i16)))
  (type $r (;3;) (array (mut eqref)))
  (type (;4;) (func (param (ref $s)) (result i32 i64 i32 i32)))
  (type (;5;) (func (param (ref null $s))))
  (type (;6;) (func (param (ref $s)) (result i64)))
  (type (;7;) (func (param (ref $n) (ref $p) i32) (result i32 i32 i32)))
  (type (;8;) (func (param (ref $p))))
  (type (;9;) (func (param (ref $n) (ref $r)) (result i32)))
  (global $g (;0;) (ref null $s) ref.null $s)
  (export "struct-get" (func 0))
  (export "struct-set" (func 1))
  (export "struct-rmw" (func 2))
  (export "array-get" (func 3))
  (export "array-set" (func 4))
  (export "array-rmw" (func 5))
  (func (;0;) (type 4) (param (ref $s)) (result i32 i64 i32 i32)
    local.get 0
    struct.get $s $a
    local.get 0
    struct.get $s $b
    local.get 0
    struct.get_s $s $p
    local.get 0
    struct.get_u $s $p
  )
  (func (;1;) (type 5) (param (ref null $s))
    local.get 0
    i32.const 300
    struct.set $s $p
  )
  (func (;2;) (type 6) (param (ref $s)) (result i64)
    (local i32 i32 (ref null $s) eqref eqref eqref i64 i64)
    local.get 0
    i32.const 1
    local.set 1
    local.set 3
    local.get 3
    struct.get $s $a
    local.set 2
    local.get 3
    local.get 2
    local.get 1
    i32.add
    struct.set $s $a
    local.get 2
    drop
    local.get 0
    i32.const 2
    local.set 1
    local.set 3
    local.get 3
    struct.get $s $a
    local.set 2
    local.get 3
    local.get 2
    local.get 1
    i32.and
    struct.set $s $a
    local.get 2
    drop
    local.get 0
    i32.const 3
    local.set 1
    local.set 3
    local.get 3
    struct.get $s $a
    local.set 2
    local.get 3
    local.get 2
    local.get 1
    i32.or
    struct.set $s $a
    local.get 2
    drop
    local.get 0
    i32.const 4
    local.set 1
    local.set 3
    local.get 3
    struct.get $s $a
    local.set 2
    local.get 3
    local.get 2
    local.get 1
    i32.xor
    struct.set $s $a
    local.get 2
    drop
    local.get 0
    ref.null none
    local.set 4
    local.set 3
    local.get 3
    struct.get $s $r
    local.set 5
    local.get 3
    local.get 4
    struct.set $s $r
    local.get 5
    drop
    local.get 0
    ref.null none
    local.get 0
    local.set 4
    local.set 5
    local.set 3
    local.get 3
    struct.get $s $r
    local.set 6
    local.get 6
    local.get 5
    ref.eq
    if ;; label = @1
      local.get 3
      local.get 4
      struct.set $s $r
    end
    local.get 6
    drop
    local.get 0
    i64.const 5
    local.set 7
    local.set 3
    local.get 3
    struct.get $s $b
    local.set 8
    local.get 3
    local.get 8
    local.get 7
    i64.sub
    struct.set $s $b
    local.get 8
  )
  (func (;3;) (type 7) (param (ref $n) (ref $p) i32) (result i32 i32 i32)
    local.get 0
    local.get 2
    array.get $n
    local.get 1
    local.get 2
    array.get_s $p
    local.get 1
    local.get 2
    array.get_u $p
  )
  (func (;4;) (type 8) (param (ref $p))
    local.get 0
    i32.const 1
    i32.const 2
    array.set $p
  )
  (func (;5;) (type 9) (param (ref $n) (ref $r)) (result i32)
    (local i32 i32 (ref null $n) i32 eqref eqref eqref (ref null $r))
    local.get 0
    i32.const 0
    i32.const 1
    local.set 2
    local.set 5
    local.set 4
    local.get 4
    local.get 5
    array.get $n
    local.set 3
    local.get 4
    local.get 5
    local.get 3
    local.get 2
    i32.add
    array.set $n
    local.get 3
    drop
    local.get 0
    i32.const 1
    i32.const 2
    local.set 2
    local.set 5
    local.set 4
    local.get 4
    local.get 5
    array.get $n
    local.set 3
    local.get 4
    local.get 5
    local.get 3
    local.get 2
    i32.sub
    array.set $n
    local.get 3
    drop
    local.get 0
    i32.const 2
    i32.const 3
    local.set 2
    local.set 5
    local.set 4
    local.get 4
    local.get 5
    array.get $n
    local.set 3
    local.get 4
    local.get 5
    local.get 3
    local.get 2
    i32.and
    array.set $n
    local.get 3
    drop
    local.get 0
    i32.const 3
    i32.const 4
    local.set 2
    local.set 5
    local.set 4
    local.get 4
    local.get 5
    array.get $n
    local.set 3
    local.get 4
    local.get 5
    local.get 3
    local.get 2
    i32.or
    array.set $n
    local.get 3
    drop
    local.get 0
    i32.const 4
    i32.const 5
    local.set 2
    local.set 5
    local.set 4
    local.get 4
    local.get 5
    array.get $n
    local.set 3
    local.get 4
    local.get 5
    local.get 3
    local.get 2
    i32.xor
    array.set $n
    local.get 3
    drop
    local.get 1
    i32.const 0
    ref.null none
    local.get 1
    local.set 6
    local.set 7
    local.set 2
    local.set 9
    local.get 9
    local.get 2
    array.get $r
    local.set 8
    local.get 8
    local.get 7
    ref.eq
    if ;; label = @1
      local.get 9
      local.get 2
      local.get 6
      array.set $r
    end
    local.get 8
    drop
    local.get 1
    i32.const 0
    ref.null none
    local.set 6
    local.set 2
    local.set 9
    local.get 9
    local.get 2
    array.get $r
    local.set 7
    local.get 9
    local.get 2
    local.get 6
    array.set $r
    local.get 7
    drop
    local.get 0
    i32.const 5
    i32.const 6
    local.set 2
    local.set 5
    local.set 4
    local.get 4
    local.get 5
    array.get $n
    local.set 3
    local.get 4
    local.get 5
    local.get 2
    array.set $n
    local.get 3
  )
)
