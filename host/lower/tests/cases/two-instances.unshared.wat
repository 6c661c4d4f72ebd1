(component
  (core func $get (;0;) (canon context.get i32 0))
  (core module $m (;0;)
    (type $read (;0;) (func (result i32)))
    (import "c" "get" (func $get (;0;) (type $read)))
    (table (;0;) 2 2 funcref)
    (memory (;0;) 1 1)
    (export "memory" (memory 0))
    (export "table" (table 0))
    (export "f" (func $f))
    (elem (;0;) (table 0) (i32.const 0) funcref (ref.func $get) (ref.func $f))
    (func $f (;1;) (type $read) (result i32)
      call $get
      i32.const 0
      i32.load
      i32.add
    )
    (data (;0;) (i32.const 0) "twice")
  )
  (core instance (;0;)
    (export "get" (func $get))
  )
  (core instance $one (;1;) (instantiate $m
      (with "c" (instance 0))
    )
  )
  (core instance (;2;)
    (export "get" (func $get))
  )
  (core instance $two (;3;) (instantiate $m
      (with "c" (instance 2))
    )
  )
  (core module $both (;1;)
    (type (;0;) (func (result i32)))
    (import "one" "memory" (memory $one (;0;) 1 1))
    (import "two" "memory" (memory $two (;1;) 1 1))
    (export "f" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 0
      i32.load
      i32.const 0
      i32.load $two
      i32.sub
    )
  )
  (core instance $both (;4;) (instantiate $both
      (with "one" (instance $one))
      (with "two" (instance $two))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $one "f" (core func (;1;)))
  (func (;0;) (type 0) (canon lift (core func 1)))
  (type (;1;) (func (result u32)))
  (alias core export $two "f" (core func (;2;)))
  (func (;1;) (type 1) (canon lift (core func 2)))
  (type (;2;) (func (result u32)))
  (alias core export $both "f" (core func (;3;)))
  (func (;2;) (type 2) (canon lift (core func 3)))
  (export (;3;) "one" (func 0))
  (export (;4;) "two" (func 1))
  (export (;5;) "both" (func 2))
)
