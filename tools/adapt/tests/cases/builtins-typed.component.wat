(component
  (core module $state (;0;)
    (memory (;0;) 1 1 shared)
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-get-1]" (;1;) (canon context.get i32 1))
  (core func $"[context-set-0]" (;2;) (canon context.set i32 0))
  (core func $"[context-set-1]" (;3;) (canon context.set i32 1))
  (core instance $root (;1;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-get-1]" (func $"[context-get-1]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[context-set-1]" (func $"[context-set-1]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (result i32))))
    (type (;1;) (shared (func (param i32))))
    (type (;2;) (shared (func)))
    (type (;3;) (shared (func (result i32))))
    (type (;4;) (shared (func (param i32))))
    (type (;5;) (shared (func (param i32) (result i32))))
    (import "$state" "memory" (memory (;0;) 1 1 shared))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 3)))
    (import "$root" "[context-get-1]" (func $"[context-get-1]" (;1;) (type 3)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;2;) (type 4)))
    (import "$root" "[context-set-1]" (func $"[context-set-1]" (;3;) (type 4)))
    (export "_start" (func $"entry _start"))
    (export "weft:export memory" (memory 0))
    (func (;4;) (type 2)
      i32.const 1
      call $"[context-set-0]"
      call $"[context-get-0]"
      call $"[context-get-0]"
      i32.add
      call $"[context-set-1]"
      call $"[context-get-1]"
      drop
    )
    (func $"entry _start" (;5;) (type 3)
      call 4
      i32.const 0
    )
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_start" (core func $_start (;4;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
