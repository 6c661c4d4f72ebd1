(module
  (rec
    (type (;0;) (func (param (ref null 1))))
    (type (;1;) (func (param (ref null 0)) (result i32)))
  )
  (type (;2;) (func (result i32)))
  (rec
    (type (;3;) (sub (func (param i32) (result i32))))
    (type (;4;) (sub 3 (func (param i32) (result i32))))
    (type (;5;) (sub final 4 (func (param i32) (result i32))))
  )
  (rec)
  (type (;6;) (func (result i32)))
  (type (;7;) (func (param i32)))
  (type (;8;) (func (result i32)))
  (type (;9;) (func (result i64)))
  (type (;10;) (func))
  (type (;11;) (func (param i32 i32 i64) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "memory 1" (memory (;1;) 1 1 shared))
  (import "weft" "notify 0" (func (;0;) (type 11)))
  (table (;0;) 1 1 funcref ref.func $f)
  (global (;0;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 0))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) declare func $f $g)
  (elem (;1;) declare func $f $g)
  (func $f (;1;) (type 1) (param (ref null 0)) (result i32)
    (local i32 i32)
    i32.const 0
    i32.const 1
    local.set 2
    local.tee 1
    i32.atomic.load
    drop
    atomic.fence
    local.get 1
    i32.const 4
    i32.shl
    i32.const 65472
    i32.and
    i32.atomic.load 1
    if (result i32) ;; label = @1
      local.get 1
      local.get 2
      i64.const 0
      call 0
    else
      i32.const 0
    end
  )
  (func $g (;2;) (type 5) (param i32) (result i32)
    local.get 0
    global.set 0
    ref.null 0
    ref.func $f
    call_ref 1
  )
  (func (;3;) (type 6) (result i32)
    block (result i32) ;; label = @1
      global.get 0
      ref.func $g
      ref.cast (ref 4)
      call_ref 4
    end
  )
  (func $"weft:lift 0" (;4;) (type 9) (result i64)
    call 3
    i64.extend_i32_u
  )
  (func $weft:initialize (;5;) (type 10))
)
