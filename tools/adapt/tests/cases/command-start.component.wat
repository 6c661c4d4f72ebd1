(component
  (core module $state (;0;)
    (memory (;0;) 1 1 shared)
    (memory (;1;) 1 1 shared)
    (export "memory" (memory 0))
    (export "records" (memory 1))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-get-1]" (;1;) (canon context.get i32 1))
  (core func $"[context-set-0]" (;2;) (canon context.set i32 0))
  (core func $"[context-set-1]" (;3;) (canon context.set i32 1))
  (core func $"[thread-available-parallelism]" (;4;) (canon thread.available_parallelism))
  (core instance $root (;1;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-get-1]" (func $"[context-get-1]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[context-set-1]" (func $"[context-set-1]"))
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (result i32))))
    (type (;1;) (shared (func)))
    (type (;2;) (shared (func (result i32))))
    (type (;3;) (shared (func (param i32))))
    (type (;4;) (shared (func (param i32) (result i32))))
    (type (;5;) (shared (func)))
    (type (;6;) (func (result i32)))
    (type (;7;) (func (param i32)))
    (import "$state" "memory" (memory (;0;) 1 1 shared))
    (import "$state" "records" (memory (;1;) 1 1 shared))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 2)))
    (import "$root" "[context-get-1]" (func $"[context-get-1]" (;1;) (type 2)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;2;) (type 3)))
    (import "$root" "[context-set-1]" (func $"[context-set-1]" (;3;) (type 3)))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;4;) (type 2)))
    (export "_start" (func $"entry _start"))
    (export "weft:export memory" (memory 0))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
    (start $start)
    (func $init (;5;) (type 1)
      i32.const 8192
      call $"[context-set-1]"
    )
    (func (;6;) (type 1)
      call $"[context-get-1]"
      call $"[context-get-0]"
      i32.store
    )
    (func $initialize-globals (;7;) (type 5)
      i32.const 4096
      call $"[context-set-0]"
    )
    (func $save-globals (;8;) (type 5)
      i32.const 0
      call $"[context-get-0]"
      i32.store 1
      i32.const 0
      call $"[context-get-1]"
      i32.store 1 offset=4
    )
    (func $restore-globals (;9;) (type 5)
      i32.const 0
      i32.load 1
      call $"[context-set-0]"
      i32.const 0
      i32.load 1 offset=4
      call $"[context-set-1]"
    )
    (func $start (;10;) (type 5)
      call $initialize-globals
      call $init
      call $save-globals
    )
    (func $"entry _start" (;11;) (type 2)
      call $restore-globals
      call 6
      call $save-globals
      i32.const 0
    )
    (func $enter-call (;12;) (type 6) (result i32)
      call $restore-globals
      i32.const 0
    )
    (func $leave-call (;13;) (type 7) (param i32)
      call $save-globals
    )
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_start" (core func $_start (;5;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
