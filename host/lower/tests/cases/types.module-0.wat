(module $m
  (rec
    (type $a (;0;) (func (param (ref null $b))))
    (type $b (;1;) (func (param (ref null $a)) (result i32)))
  )
  (type $read (;2;) (func (result i32)))
  (rec
    (type $open (;3;) (sub (func (param i32) (result i32))))
    (type $narrow (;4;) (sub $open (func (param i32) (result i32))))
    (type $final (;5;) (sub final $narrow (func (param i32) (result i32))))
  )
  (rec)
  (type $unshared (;6;) (func (result i32)))
  (type $write (;7;) (func (param i32)))
  (type (;8;) (func (param i32 i32 i64) (result i32)))
  (type (;9;) (func (result i32)))
  (type (;10;) (func (param i32)))
  (import "weft" "memory" (memory (;0;) 1 1 shared))
  (import "weft" "notify" (func (;0;) (type 8)))
  (table $t (;0;) 1 1 funcref ref.func $f)
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (export "f" (func 3))
  (export "weft:context-0" (global 0))
  (export "weft:context-1" (global 1))
  (elem (;0;) declare func $f $g)
  (func $f (;1;) (type $b) (param (ref null $a)) (result i32)
    i32.const 0
    i32.const 1
    i64.const 0
    call 0
  )
  (func $g (;2;) (type $final) (param i32) (result i32)
    local.get 0
    global.set 0
    ref.null $a
    ref.func $f
    call_ref $b
  )
  (func (;3;) (type $unshared) (result i32)
    block (result i32) ;; label = @1
      global.get 0
      ref.func $g
      ref.cast (ref $narrow)
      call_ref $narrow
    end
  )
  (func $get (;4;) (type 9) (result i32)
    global.get 0
  )
  (func $set (;5;) (type 10) (param i32)
    local.get 0
    global.set 0
  )
)
