(component $component
  (core func $get (;0;) (canon context.get i32 0))
  (core module $module (;0;)
    (type $read (;0;) (func (result i32)))
    (type $unshared (;1;) (func (result i32)))
    (type (;2;) (func))
    (type (;3;) (func (param i32) (result i32)))
    (import "c" "get" (func $get (;0;) (type $read)))
    (table $table (;0;) 1 funcref)
    (memory $own (;0;) 1)
    (memory $shared (;1;) 1 1)
    (tag $tag (;0;) (type 2))
    (global $global (;0;) (mut i32) i32.const 0)
    (export "f" (func $second))
    (elem $elements (;0;) func $first)
    (func $first (;1;) (type 3) (param $parameter i32) (result i32)
      (local $local i64)
      block $label
        br $label
      end
      local.get $parameter
      call $get
      memory.atomic.notify $shared
      global.set $global
      i32.const 0
      i32.load
    )
    (func $second (;2;) (type $unshared) (result i32)
      i32.const 1
      call $first
    )
    (data $segment (;0;) "passive")
    (data $active (;1;) (memory $shared) (i32.const 0) "active")
  )
  (core instance (;0;)
    (export "get" (func $get))
  )
  (core instance $instance (;1;) (instantiate $module
      (with "c" (instance 0))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $instance "f" (core func (;1;)))
  (func $lifted (;0;) (type 0) (canon lift (core func 1)))
  (export (;1;) "f" (func $lifted))
)
