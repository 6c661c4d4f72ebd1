(component
  (core module $state (;0;)
    (memory (;0;) 1 2 shared)
    (memory (;1;) 3 4 shared)
    (memory (;2;) 1 1 shared)
    (export "memory-0" (memory 0))
    (export "memory" (memory 1))
    (export "memory-2" (memory 2))
  )
  (core instance $state (;0;) (instantiate $state))
  (alias core export $state "memory" (core memory $memory (;0;)))
  (core instance $host-env (;1;)
    (export "memory" (memory $memory))
  )
  (core type $wasi-snapshot-preview1 (;0;)
    (module
      (import "env" "memory" (memory 3 4 shared))
      (type (;0;) (shared (func (result i32))))
      (export "sched_yield" (func (type 0)))
    )
  )
  (import "wasi-snapshot-preview1" (core module $wasi-snapshot-preview1 (;1;) (type $wasi-snapshot-preview1)))
  (core instance $wasi-snapshot-preview1 (;2;) (instantiate $wasi-snapshot-preview1
      (with "env" (instance $host-env))
    )
  )
  (core func $"[thread-available-parallelism]" (;0;) (canon thread.available_parallelism))
  (core instance $root (;3;)
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
  )
  (core module $main (;2;)
    (type (;0;) (shared (func (result i32))))
    (type (;1;) (shared (func)))
    (type (;2;) (shared (func (result i32))))
    (type (;3;) (shared (func (param i32) (result i32))))
    (import "$state" "memory-0" (memory $other (;0;) 1 2 shared))
    (import "$state" "memory" (memory $own (;1;) 3 4 shared))
    (import "$state" "memory-2" (memory $unshared (;2;) 1 1 shared))
    (import "wasi_snapshot_preview1" "sched_yield" (func (;0;) (type 0)))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;1;) (type 2)))
    (export "_start" (func $"entry _start"))
    (export "weft:export memory" (memory $own))
    (func (;2;) (type 1)
      i32.const 0
      i32.const 0
      i32.load
      i32.store $own
      i32.const 0
      i32.const 0
      i32.const 4
      memory.copy $unshared $own
    )
    (func $"entry _start" (;3;) (type 2)
      call 2
      i32.const 0
    )
  )
  (core instance $main (;4;) (instantiate $main
      (with "$state" (instance $state))
      (with "wasi_snapshot_preview1" (instance $wasi-snapshot-preview1))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_start" (core func $_start (;1;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
