(module $define
  (type (;0;) (func (param i32)))
  (tag (;0;) (type 0) (param i32))
  (export "tag" (tag 0))
)
