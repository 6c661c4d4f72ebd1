(module
  (type (;0;) (func (result i64 i64)))
  (func (;0;) (type 0) (result i64 i64)
    i64.const 1
    i64.const 1
    i64.const 1
    i64.const 1
    i64.add128
  )
)
