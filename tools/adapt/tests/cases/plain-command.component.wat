(component
  (core module $state (;0;)
    (memory (;0;) 2)
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (alias core export $state "memory" (core memory $memory (;0;)))
  (core instance $host-env (;1;)
    (export "memory" (memory $memory))
  )
  (core type $wasi-snapshot-preview1 (;0;)
    (module
      (import "env" "memory" (memory 2))
      (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
      (export "fd_write" (func (type 0)))
      (type (;1;) (func (param i32)))
      (export "proc_exit" (func (type 1)))
    )
  )
  (import "wasi-snapshot-preview1" (core module $wasi-snapshot-preview1 (;1;) (type $wasi-snapshot-preview1)))
  (core instance $wasi-snapshot-preview1 (;2;) (instantiate $wasi-snapshot-preview1
      (with "env" (instance $host-env))
    )
  )
  (core module $main (;2;)
    (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;1;) (func (param i32)))
    (type (;2;) (func))
    (type (;3;) (func (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (;0;) (type 0)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (;1;) (type 1)))
    (import "$state" "memory" (memory $m (;0;) 2))
    (table (;0;) 2 2 funcref)
    (global $stack (;0;) (mut i32) i32.const 65536)
    (global (;1;) i32 i32.const 42)
    (export "memory" (memory $m))
    (export "answer" (global 1))
    (export "__indirect_function_table" (table 0))
    (export "_start" (func 3))
    (export "add" (func 4))
    (export "weft:export memory" (memory $m))
    (export "weft:export __indirect_function_table" (table 0))
    (export "weft:export add" (func 4))
    (start $begin)
    (elem (;0;) (i32.const 1) func $leave)
    (func $leave (;2;) (type 1) (param $code i32)
      local.get $code
      call $exit
    )
    (func (;3;) (type 2)
      (local $unused i64)
      global.get $stack
      i32.const 16
      i32.sub
      global.set $stack
      i32.const 3
      i32.const 1
      call_indirect (type 1)
    )
    (func (;4;) (type 3) (param i32 i32) (result i32)
      local.get 0
      local.get 1
      i32.add
    )
    (func $begin (;5;) (type 2)
      i32.const 8
      i32.const 1
      i32.store
    )
    (data (;0;) (i32.const 0) "text")
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
  (alias core export $main "add" (core func $add (;1;)))
  (type $add (;2;) (func (param "p0" s32) (param "p1" s32) (result s32)))
  (func $add (;1;) (type $add) (canon lift (core func $add)))
  (export (;2;) "add" (func $add))
)
