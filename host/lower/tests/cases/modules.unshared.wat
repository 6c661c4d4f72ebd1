(component
  (core module $a (;0;)
    (type (;0;) (func))
    (type (;1;) (func (result v128)))
    (type (;2;) (func (param i32) (result i32 i64)))
    (table (;0;) 3 3 funcref)
    (memory (;0;) 1)
    (tag (;0;) (type 0))
    (global (;0;) (mut i64) i64.const 1)
    (export "memory" (memory 0))
    (export "global" (global 0))
    (export "tag" (tag 0))
    (export "table" (table 0))
    (export "simd" (func 0))
    (export "multi" (func 1))
    (func (;0;) (type 1) (result v128)
      v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000
      v128.const i32x4 0x00000003 0x00000000 0x00000004 0x00000000
      i8x16.swizzle
    )
    (func (;1;) (type 2) (param i32) (result i32 i64)
      local.get 0
      i64.const 4
    )
  )
  (core instance $a (;0;) (instantiate $a))
  (core module $b (;1;)
    (rec
      (type $node (;0;) (struct (field (mut (ref null $node))) (field i32)))
      (type $nodes (;1;) (array (mut (ref null $node))))
    )
    (type (;2;) (func (result v128)))
    (type (;3;) (func (param i32) (result i32 i64)))
    (type (;4;) (func))
    (type (;5;) (func (param i32) (result i32)))
    (type (;6;) (func (result i32)))
    (import "a" "simd" (func $simd (;0;) (type 2)))
    (import "a" "global" (global $global (;0;) (mut i64)))
    (import "a" "multi" (func $multi (;1;) (type 3)))
    (import "a" "table" (table $table (;0;) 3 funcref))
    (import "a" "memory" (memory $memory (;0;) 1))
    (import "a" "tag" (tag $tag (;0;) (type 4)))
    (memory $second (;1;) 1 1)
    (export "f" (func 4))
    (elem (;0;) (table $table) (i32.const 0) func $tail $simd)
    (func $tail (;2;) (type 5) (param i32) (result i32)
      local.get 0
      return_call $list
    )
    (func $list (;3;) (type 5) (param i32) (result i32)
      ref.null $node
      local.get 0
      struct.new $node
      struct.get $node 1
    )
    (func (;4;) (type 6) (result i32)
      block $caught
        try_table (catch_all $caught) ;; label = @2
          throw $tag
        end
      end
      global.get $global
      i64.const 1
      i64.add
      global.set $global
      i32.const 0
      call $simd
      v128.store $second
      i32.const 0
      i32.const 0
      i32.const 16
      memory.copy $memory $second
      i32.const 8
      i32.const 2
      array.new_default $nodes
      array.len
      i64.extend_i32_s
      i64.atomic.store
      i32.const 0
      i32.const 1
      memory.atomic.notify
      drop
      i32.const 0
      call $multi
      i32.const 0
      i64.const 8
      i64.store
      drop
      drop
      i32.const 1
      call $tail
    )
    (data $data (;0;) "unused")
  )
  (core instance $b (;1;) (instantiate $b
      (with "a" (instance $a))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $b "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
