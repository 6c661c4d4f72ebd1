(component
  (core type $host (;0;)
    (module
      (export "limit" (global i32))
    )
  )
  (import "host" (core module $Host (;0;) (type $host)))
  (core instance $host (;0;) (instantiate $Host))
  (core module $State (;1;)
    (global (;0;) (mut i32) i32.const 7)
    (export "counter" (global 0))
  )
  (core instance $state (;1;) (instantiate $State))
  (core module $Main (;2;)
    (type $run (;0;) (func (param i32)))
    (type (;1;) (func (result i32)))
    (import "host" "limit" (global $limit (;0;) i32))
    (import "state" "counter" (global $counter (;1;) (mut i32)))
    (export "run" (func 0))
    (export "limit" (func 1))
    (func (;0;) (type $run) (param i32)
      local.get 0
      global.set $counter
    )
    (func (;1;) (type 1) (result i32)
      global.get $limit
    )
  )
  (core instance $main (;2;) (instantiate $Main
      (with "host" (instance $host))
      (with "state" (instance $state))
    )
  )
  (core type $start (;1;) (func (param i32)))
  (core module (;3;)
    (table (;0;) 1 1 funcref)
    (export "holder" (table 0))
  )
  (core instance (;3;) (instantiate 3))
  (alias core export 3 "holder" (core table (;0;)))
  (core func (;0;) (canon thread.new-indirect $start 0))
  (core func (;1;) (canon thread.resume-later))
  (core module (;4;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func (param (ref null 0) i32) (result i32)))
    (import "" "new" (func (;0;) (type 1)))
    (import "" "holder" (table (;0;) 1 1 funcref))
    (import "" "resume" (func (;1;) (type 2)))
    (export "builtin" (func 2))
    (func (;2;) (type 3) (param (ref null 0) i32) (result i32)
      (local i32)
      i32.const 0
      local.get 0
      table.set 0
      i32.const 0
      local.get 1
      call 0
      local.tee 2
      call 1
      local.get 2
    )
  )
  (core instance (;4;)
    (export "holder" (table 0))
    (export "new" (func 0))
    (export "resume" (func 1))
  )
  (core instance (;5;) (instantiate 4
      (with "" (instance 4))
    )
  )
  (alias core export 5 "builtin" (core func (;2;)))
  (type (;0;) (func (result u32)))
  (alias core export $main "limit" (core func (;3;)))
  (func (;0;) (type 0) (canon lift (core func 3)))
  (export (;1;) "limit" (func 0))
)
