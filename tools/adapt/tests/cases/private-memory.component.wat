(component
  (core module $state (;0;)
    (memory (;0;) 2 65536 shared)
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (alias core export $state "memory" (core memory $memory (;0;)))
  (core instance $host-env (;1;)
    (export "memory" (memory $memory))
  )
  (core type $wasi-snapshot-preview1 (;0;)
    (module
      (import "env" "memory" (memory 2 65536 shared))
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
    (import "$state" "memory" (memory (;0;) 2 65536 shared))
    (import "wasi_snapshot_preview1" "sched_yield" (func (;0;) (type 0)))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;1;) (type 2)))
    (export "_start" (func $"entry _start"))
    (func (;2;) (type 1)
      i32.const 0
      i32.const 0
      i32.const 1
      memory.init $passive
      data.drop $passive
      memory.size
      memory.grow
      drop
    )
    (func $"entry _start" (;3;) (type 2)
      call 2
      i32.const 0
    )
    (data $active (;0;) (i32.const 8) "a")
    (data $passive (;1;) "b")
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
