(component
  (core module $main (;0;)
    (type (;0;) (shared (func (param i32 i32) (result i32))))
    (type (;1;) (shared (func (param i32) (result i32))))
    (export "add" (func 0))
    (func (;0;) (type 0)
      local.get 0
      local.get 1
      i32.add
    )
  )
  (core instance $main (;0;) (instantiate $main))
  (alias core export $main "add" (core func $add (;0;)))
  (type $add (;0;) (func (param "p0" s32) (param "p1" s32) (result s32)))
  (func $add (;0;) (type $add) (canon lift (core func $add)))
  (export (;1;) "add" (func $add))
)
