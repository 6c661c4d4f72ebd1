(component
  (type (;0;)
    (instance
      (core type (;0;)
        (module
          (type (;0;) (func (param i32)))
          (export "f" (func (type 0)))
        )
      )
      (export (;0;) "m" (core module (type 0)))
    )
  )
  (import "host" (instance $host (;0;) (type 0)))
  (alias export $host "m" (core module $m (;0;)))
  (core instance $given (;0;) (instantiate $m))
  (core module $user (;1;)
    (type (;0;) (func (param i32)))
    (import "m" "f" (func $f (;0;) (type 0)))
    (export "run" (func 1))
    (func (;1;) (type 0) (param i32)
      local.get 0
      call $f
    )
  )
  (core instance $user (;1;) (instantiate $user
      (with "m" (instance $given))
    )
  )
  (type (;1;) (func (param "x" s32)))
  (alias core export $user "run" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (export (;1;) "run" (func 0))
)
