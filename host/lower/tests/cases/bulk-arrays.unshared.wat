(component
  (core module $m (;0;)
    (type $numbers (;0;) (array (mut i16)))
    (type $constants (;1;) (array i16))
    (type $references (;2;) (array (mut funcref)))
    (type $functions (;3;) (array (mut (ref func))))
    (type (;4;) (func (param i32 i32 i32) (result i32)))
    (type (;5;) (func (result i32)))
    (export "f" (func 0))
    (export "few" (func 1))
    (elem $none (;0;) funcref (ref.null func))
    (func (;0;) (type 4) (param i32 i32 i32) (result i32)
      (local $a (ref null $numbers)) (local $r (ref null $references))
      local.get 0
      local.get 1
      array.new $numbers
      local.set $a
      local.get 0
      i32.const 8192
      array.new $numbers
      drop
      local.get 0
      local.get 1
      array.new $constants
      drop
      local.get $a
      local.get 0
      local.get 1
      local.get 2
      array.fill $numbers
      local.get $a
      local.get 0
      local.get $a
      local.get 1
      local.get 2
      array.copy $numbers $numbers
      local.get $a
      local.get 0
      i32.const 0
      i32.const 5
      array.new_data $constants $small
      i32.const 0
      local.get 2
      array.copy $numbers $constants
      local.get $a
      local.get 0
      local.get 1
      local.get 2
      array.init_data $numbers $small
      local.get 0
      local.get 1
      array.new_elem $references $none
      local.set $r
      ref.func 0
      local.get 0
      array.new $functions
      drop
      local.get 0
      array.new_default $constants
      drop
      local.get 0
      array.new_default $references
      drop
      i32.const 8192
      array.new_default $references
      drop
      local.get $r
      array.len
    )
    (func (;1;) (type 5) (result i32)
      i32.const 8192
      array.new_default $references
      array.len
    )
    (data $small (;0;) "0123456789")
  )
  (core instance $m (;0;) (instantiate $m))
  (type (;0;) (func (param "a" u32) (param "b" u32) (param "c" u32) (result u32)))
  (alias core export $m "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
