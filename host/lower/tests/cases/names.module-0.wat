(module $module
  (type $read (;0;) (func (result i32)))
  (type $unshared (;1;) (func (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i32) (result i32)))
  (type (;4;) (func (param i32 i32 i64) (result i32)))
  (type (;5;) (func (result i32)))
  (type (;6;) (func))
  (import "weft" "memory" (memory $shared (;0;) 1 1 shared))
  (import "weft" "notify" (func (;0;) (type 4)))
  (table $table (;0;) 1 funcref)
  (memory $own (;1;) 1)
  (tag $tag (;0;) (type 2))
  (global $global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (global (;2;) (mut i32) i32.const 0)
  (export "f" (func $second))
  (export "weft:context-0" (global 1))
  (export "weft:context-1" (global 2))
  (export "weft:initialize" (func 4))
  (elem $elements (;0;) func $first)
  (func $first (;1;) (type 3) (param $parameter i32) (result i32)
    (local $local i64)
    block ;; label = @1
      br 0 (;@1;)
    end
    local.get $parameter
    global.get 1
    i64.const 0
    call 0
    global.set $global
    i32.const 0
    i32.load $own
  )
  (func $second (;2;) (type $unshared) (result i32)
    i32.const 1
    call $first
  )
  (func $get (;3;) (type 5) (result i32)
    global.get 1
  )
  (func (;4;) (type 6)
    i32.const 0
    i32.const 0
    i32.const 6
    memory.init $active
    data.drop $active
  )
  (data $segment (;0;) "passive")
  (data $active (;1;) "active")
)
