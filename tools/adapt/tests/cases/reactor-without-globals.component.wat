(component
  (core func $"[thread-available-parallelism]" (;0;) (canon thread.available_parallelism))
  (core instance $root (;0;)
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
  )
  (core module $main (;0;)
    (type (;0;) (shared (func (result i32))))
    (type (;1;) (shared (func (param i32 i32) (result i32))))
    (type (;2;) (shared (func (result i32))))
    (type (;3;) (shared (func (param i32) (result i32))))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;0;) (type 2)))
    (export "add" (func 1))
    (export "weft:export add" (func 1))
    (func (;1;) (type 1)
      local.get 0
      local.get 1
      i32.add
    )
  )
  (core instance $main (;1;) (instantiate $main
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "add" (core func $add (;1;)))
  (type $add (;0;) (func (param "p0" s32) (param "p1" s32) (result s32)))
  (func $add (;0;) (type $add) (canon lift (core func $add)))
  (export (;1;) "add" (func $add))
)
