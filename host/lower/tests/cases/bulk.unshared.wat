(component
  (core module $m (;0;)
    (type $operands (;0;) (func (param i32 i32 i32)))
    (type (;1;) (func (param i32 i32 i32) (result i32)))
    (table $a (;0;) 9000 externref)
    (table $b (;1;) 9000 externref)
    (memory $shared (;0;) 1 4)
    (memory $wide (;1;) i64 1 4)
    (export "m" (memory $shared))
    (export "known" (func 0))
    (export "memories" (func 1))
    (export "tables" (func 2))
    (func (;0;) (type $operands) (param i32 i32 i32)
      local.get 0
      local.get 1
      i32.const 65536
      memory.fill
      local.get 0
      local.get 1
      i32.const -1
      memory.fill
      local.get 0
      local.get 1
      local.get 2
      memory.init $small
    )
    (func (;1;) (type $operands) (param i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      memory.fill
      local.get 0
      local.get 1
      local.get 2
      memory.copy
      local.get 0
      i64.extend_i32_u
      i64.const 0
      local.get 2
      i64.extend_i32_u
      memory.copy $wide $wide
      local.get 0
      i64.extend_i32_u
      local.get 1
      local.get 2
      memory.copy $wide $shared
    )
    (func (;2;) (type 1) (param i32 i32 i32) (result i32)
      local.get 0
      ref.null extern
      local.get 2
      table.fill $a
      local.get 0
      local.get 1
      local.get 2
      table.copy
      local.get 0
      local.get 1
      local.get 2
      table.copy $a $b
      local.get 0
      local.get 1
      i32.const 8192
      table.copy $b $a
      ref.null extern
      i32.const 65536
      table.grow $a
      drop
      ref.null extern
      local.get 2
      table.grow $a
    )
    (data $small (;0;) "0123456789")
  )
  (core instance $m (;0;) (instantiate $m))
  (type (;0;) (func (param "a" u32) (param "b" u32) (param "c" u32) (result u32)))
  (alias core export $m "tables" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
