(module $b
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
    block ;; label = @1
      try_table (catch_all 0 (;@1;)) ;; label = @2
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
