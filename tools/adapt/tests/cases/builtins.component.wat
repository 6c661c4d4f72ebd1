(component
  (core module $state (;0;)
    (table (;0;) shared 1 1 (ref null (shared func)))
    (memory (;0;) 1 1 shared)
    (export "table" (table 0))
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-get-1]" (;1;) (canon context.get i32 1))
  (core func $"[context-set-0]" (;2;) (canon context.set i32 0))
  (core func $"[context-set-1]" (;3;) (canon context.set i32 1))
  (core func $"[thread-index]" (;4;) (canon thread.index))
  (core func $"[thread-available-parallelism]" (;5;) (canon thread.available_parallelism))
  (core type $thread-start (;0;) (shared (func (param i32))))
  (alias core export $state "table" (core table $table (;0;)))
  (core func $"[thread-spawn-indirect]" (;6;) (canon thread.spawn-indirect $thread-start $table))
  (core instance $root (;1;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-get-1]" (func $"[context-get-1]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[context-set-1]" (func $"[context-set-1]"))
    (export "[thread-index]" (func $"[thread-index]"))
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
    (export "[thread-spawn-indirect]" (func $"[thread-spawn-indirect]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (param i32 i32) (result i32))))
    (type (;1;) (shared (func (result i32))))
    (type (;2;) (shared (func (param i32))))
    (type (;3;) (shared (func)))
    (type (;4;) (shared (func (result i32))))
    (type (;5;) (shared (func (param i32))))
    (type (;6;) (shared (func (param i32 i32) (result i32))))
    (type (;7;) (shared (func (param i32) (result i32))))
    (type (;8;) (shared (func)))
    (type (;9;) (func (result i32)))
    (type (;10;) (func (param i32)))
    (import "$state" "memory" (memory (;0;) 1 1 shared))
    (import "$state" "table" (table $own (;0;) shared 1 1 (ref null (shared func))))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 4)))
    (import "$root" "[context-get-1]" (func $"[context-get-1]" (;1;) (type 4)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;2;) (type 5)))
    (import "$root" "[context-set-1]" (func $"[context-set-1]" (;3;) (type 5)))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;4;) (type 4)))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;5;) (type 4)))
    (import "$root" "[thread-spawn-indirect]" (func $"[thread-spawn-indirect]" (;6;) (type 6)))
    (table $other (;1;) shared 1 (ref null (shared func)))
    (export "_start" (func $"entry _start"))
    (export "weft:export memory" (memory 0))
    (export "weft:export __indirect_function_table" (table $own))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
    (elem (;0;) (table $own) (i32.const 0) func $child)
    (func $child (;7;) (type 2)
      local.get 0
      call $"[context-set-0]"
      call $"[thread-index]"
      call $"[context-set-1]"
    )
    (func (;8;) (type 3)
      call $"[thread-available-parallelism]"
      call $"[context-set-0]"
      i32.const 0
      call $"[context-get-0]"
      call $"[thread-spawn-indirect]"
      drop
    )
    (func $initialize-globals (;9;) (type 8)
      i32.const 4096
      call $"[context-set-1]"
    )
    (func $"entry _start" (;10;) (type 4)
      call $initialize-globals
      call 8
      i32.const 0
    )
    (func $enter-call (;11;) (type 9) (result i32)
      call $initialize-globals
      i32.const 0
    )
    (func $leave-call (;12;) (type 10) (param i32))
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_start" (core func $_start (;7;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
