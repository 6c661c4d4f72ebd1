(module $more
  (type (;0;) (func (param i32 f32)))
  (type (;1;) (func (param i32 i32 i32 i32)))
  (export "tuple" (func 0))
  (export "four" (func 1))
  (func (;0;) (type 0) (param i32 f32))
  (func (;1;) (type 1) (param i32 i32 i32 i32))
)
