(component
  (core module $m (;0;)
    (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;1;) (func (param i32 i32 i64) (result i32)))
    (memory (;0;) 1 1)
    (export "merge" (func 0))
    (export "others" (func 1))
    (func (;0;) (type 0) (param $a i32) (param $b i32) (param $to i32) (param $end i32) (result i32)
      (local $x i32) (local $y i32) (local $less i32)
      loop $l
        local.get $to
        local.get $a
        i32.load
        local.tee $x
        local.get $b
        i32.load
        local.tee $y
        local.get $x
        local.get $y
        i32.lt_s
        local.tee $less
        select
        i32.store
        local.get $a
        local.get $less
        i32.add
        local.set $a
        local.get $b
        local.get $x
        local.get $y
        i32.ge_s
        i32.add
        local.set $b
        local.get $to
        i32.const 4
        i32.add
        local.tee $to
        local.get $end
        i32.lt_u
        br_if $l
      end
      local.get $a
      local.get $b
      i32.add
    )
    (func (;1;) (type 1) (param $n i32) (param $x i32) (param $wide i64) (result i32)
      (local $less i32)
      local.get $wide
      i64.const 7
      i64.lt_u
      local.set $less
      local.get $n
      local.get $less
      i32.add
      local.set $n
      local.get $n
      local.get $x
      i32.eqz
      i32.add
      local.set $n
      local.get $n
      local.get $wide
      i64.eqz
      i32.add
      local.set $n
      local.get $x
      i32.ctz
      local.set $less
      local.get $n
      local.get $less
      i32.add
      local.set $n
      local.get $n
      local.get $x
      local.get $n
      i32.sub
      i32.add
      local.set $n
      local.get $x
      local.get $n
      i32.ne
      local.set $less
      loop $l
        local.get $n
        local.get $less
        i32.add
        local.set $n
        i32.const 5
        local.set $less
        local.get $n
        i32.const 9
        i32.lt_u
        br_if $l
      end
      local.get $x
      local.get $n
      i32.ne
      local.set $less
      local.get $x
      if ;; label = @1
        i32.const 2
        local.set $less
      end
      local.get $n
      local.get $less
      i32.add
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "a" u32) (param "b" u32) (param "to" u32) (param "end" u32) (result u32)))
  (alias core export $i "merge" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (type (;1;) (func (param "n" u32) (param "x" u32) (param "wide" u64) (result u32)))
  (alias core export $i "others" (core func (;1;)))
  (func (;1;) (type 1) (canon lift (core func 1)))
  (export (;2;) "merge" (func 0))
  (export (;3;) "others" (func 1))
)
