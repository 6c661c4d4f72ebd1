(component
  (core module $state (;0;)
    (memory (;0;) i64 1 2)
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (alias core export $state "memory" (core memory $memory (;0;)))
  (core instance $host-env (;1;)
    (export "memory" (memory $memory))
  )
  (core type $wasi-snapshot-preview1 (;0;)
    (module
      (import "env" "memory" (memory i64 1 2))
      (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
      (export "fd_write" (func (type 0)))
      (type (;1;) (func (param i32 i64 i32 i32) (result i32)))
      (export "fd_seek" (func (type 1)))
    )
  )
  (import "wasi-snapshot-preview1" (core module $wasi-snapshot-preview1 (;1;) (type $wasi-snapshot-preview1)))
  (core instance $wasi-snapshot-preview1 (;2;) (instantiate $wasi-snapshot-preview1
      (with "env" (instance $host-env))
    )
  )
  (core module $main (;2;)
    (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;1;) (func (param i32 i64 i32 i32) (result i32)))
    (type (;2;) (func))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (;0;) (type 0)))
    (import "wasi_snapshot_preview1" "fd_seek" (func $seek (;1;) (type 1)))
    (import "$state" "memory" (memory (;0;) i64 1 2))
    (table (;0;) i64 1 funcref)
    (export "memory" (memory 0))
    (export "_start" (func 2))
    (export "weft:export memory" (memory 0))
    (func (;2;) (type 2)
      i32.const 1
      i32.const 0
      i32.const 1
      i32.const 8
      call $write
      drop
      i64.const 8
      memory.size
      i64.store
    )
  )
  (core instance $main (;3;) (instantiate $main
      (with "$state" (instance $state))
      (with "wasi_snapshot_preview1" (instance $wasi-snapshot-preview1))
    )
  )
  (core module $entries (;3;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (import "main" "_start" (func (;0;) (type 0)))
    (export "_start" (func 1))
    (func (;1;) (type 1) (result i32)
      call 0
      i32.const 0
    )
  )
  (core instance $entries (;4;) (instantiate $entries
      (with "main" (instance $main))
    )
  )
  (alias core export $entries "_start" (core func $_start (;0;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
