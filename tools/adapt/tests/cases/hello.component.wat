(component
  (core module $state (;0;)
    (table (;0;) shared 1 1 (ref null (shared func)))
    (memory (;0;) 1 16384 shared)
    (export "threads" (table 0))
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (alias core export $state "memory" (core memory $memory (;0;)))
  (core instance $host-env (;1;)
    (export "memory" (memory $memory))
  )
  (core type $wasi-snapshot-preview1 (;0;)
    (module
      (import "env" "memory" (memory 1 16384 shared))
      (type (;0;) (shared (func (param i32 i32 i32 i32) (result i32))))
      (export "fd_write" (func (type 0)))
    )
  )
  (import "wasi-snapshot-preview1" (core module $wasi-snapshot-preview1 (;1;) (type $wasi-snapshot-preview1)))
  (core instance $wasi-snapshot-preview1 (;2;) (instantiate $wasi-snapshot-preview1
      (with "env" (instance $host-env))
    )
  )
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-get-1]" (;1;) (canon context.get i32 1))
  (core func $"[context-set-0]" (;2;) (canon context.set i32 0))
  (core func $"[context-set-1]" (;3;) (canon context.set i32 1))
  (core func $"[thread-index]" (;4;) (canon thread.index))
  (core type $thread-start (;1;) (shared (func (param i32))))
  (alias core export $state "threads" (core table $threads (;0;)))
  (core func $"[thread-spawn-indirect-threads]" (;5;) (canon thread.spawn-indirect $thread-start $threads))
  (core instance $root (;3;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-get-1]" (func $"[context-get-1]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[context-set-1]" (func $"[context-set-1]"))
    (export "[thread-index]" (func $"[thread-index]"))
    (export "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]"))
  )
  (core module $main (;2;)
    (type (;0;) (shared (func (param i32) (result i32))))
    (type (;1;) (shared (func (param i32 i32 i32 i32) (result i32))))
    (type (;2;) (shared (func (param i32))))
    (type (;3;) (shared (func (param i32 i32))))
    (type (;4;) (shared (func)))
    (type (;5;) (shared (func (result i32))))
    (type (;6;) (shared (func (param i32))))
    (type (;7;) (shared (func (param i32 i32) (result i32))))
    (type (;8;) (shared (func (param i32) (result i32))))
    (type (;9;) (shared (func)))
    (type (;10;) (func (result i32)))
    (type (;11;) (func (param i32)))
    (import "$state" "memory" (memory (;0;) 1 16384 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (;0;) (type 1)))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;1;) (type 5)))
    (import "$root" "[context-get-1]" (func $"[context-get-1]" (;2;) (type 5)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;3;) (type 6)))
    (import "$root" "[context-set-1]" (func $"[context-set-1]" (;4;) (type 6)))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;5;) (type 5)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;6;) (type 7)))
    (table (;1;) shared 2 2 (ref null (shared func)))
    (global $message (;0;) (shared i32) i32.const 16)
    (export "_start" (func $"entry _start"))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
    (elem (;0;) (table 1) (i32.const 1) func $print)
    (elem (;1;) (table 0) (i32.const 0) func $thread-entry)
    (func $print (;7;) (type 2)
      i32.const 1
      i32.const 0
      i32.const 1
      i32.const 12
      call $fd_write
      drop
    )
    (func (;8;) (type 3)
      local.get 1
      call $"[context-set-0]"
      local.get 1
      call $"[context-set-1]"
      global.get $message
      i32.const 1
      call_indirect 1 (type 2)
      i32.const 32
      i32.const 1
      i32.atomic.rmw.add
      drop
      i32.const 32
      i32.const 1
      memory.atomic.notify
      drop
    )
    (func (;9;) (type 4)
      call $"[context-get-0]"
      i32.const 16
      i32.sub
      call $"[context-set-0]"
      i32.const 32768
      call $wasi.thread-spawn
      drop
      i32.const 32
      i32.const 0
      i64.const -1
      memory.atomic.wait32
      drop
      i32.const 0
      call $print
    )
    (func $wasi.thread-spawn (;10;) (type 8)
      (local i32)
      i32.const 0
      local.get 0
      call $"[thread-spawn-indirect-threads]"
      local.tee 1
      i32.const -1
      local.get 1
      select
    )
    (func $initialize-globals (;11;) (type 9)
      i32.const 65536
      call $"[context-set-0]"
    )
    (func $thread-entry (;12;) (type 6)
      call $initialize-globals
      call $"[thread-index]"
      local.get 0
      call 8
    )
    (func $"entry _start" (;13;) (type 5)
      call $initialize-globals
      call 9
      i32.const 0
    )
    (func $enter-call (;14;) (type 10) (result i32)
      call $initialize-globals
      i32.const 0
    )
    (func $leave-call (;15;) (type 11) (param i32))
    (data (;0;) (i32.const 0) "\10\00\00\00\06\00\00\00")
    (data (;1;) (i32.const 16) "hello\0a")
  )
  (core instance $main (;4;) (instantiate $main
      (with "$state" (instance $state))
      (with "wasi_snapshot_preview1" (instance $wasi-snapshot-preview1))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_start" (core func $_start (;6;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
