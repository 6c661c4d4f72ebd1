(component
  (core func $get (;0;) (canon context.get i32 0))
  (core func $set (;1;) (canon context.set i32 0))
  (core module $m (;0;)
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
    (import "c" "get" (func $get (;0;) (type $read)))
    (import "c" "set" (func $set (;1;) (type $write)))
    (table $t (;0;) 1 1 funcref ref.func $f)
    (memory (;0;) 1 1)
    (export "f" (func 4))
    (elem (;0;) declare func $f $g)
    (func $f (;2;) (type $b) (param (ref null $a)) (result i32)
      i32.const 0
      i32.const 1
      memory.atomic.notify
    )
    (func $g (;3;) (type $final) (param i32) (result i32)
      local.get 0
      call $set
      ref.null $a
      ref.func $f
      call_ref $b
    )
    (func (;4;) (type $unshared) (result i32)
      block (result i32) ;; label = @1
        call $get
        ref.func $g
        ref.cast (ref $narrow)
        call_ref $narrow
      end
    )
  )
  (core instance (;0;)
    (export "get" (func $get))
    (export "set" (func $set))
  )
  (core instance $i (;1;) (instantiate $m
      (with "c" (instance 0))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $i "f" (core func (;2;)))
  (func (;0;) (type 0) (canon lift (core func 2)))
  (export (;1;) "f" (func 0))
)
