(component
  (core module $state (;0;)
    (table (;0;) shared 1 1 (ref null (shared func)))
    (memory (;0;) 1 1 shared)
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
      (import "env" "memory" (memory 1 1 shared))
      (type (;0;) (shared (func (param i32))))
      (export "proc_exit" (func (type 0)))
    )
  )
  (import "wasi-snapshot-preview1" (core module $wasi-snapshot-preview1 (;1;) (type $wasi-snapshot-preview1)))
  (core instance $wasi-snapshot-preview1 (;2;) (instantiate $wasi-snapshot-preview1
      (with "env" (instance $host-env))
    )
  )
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-set-0]" (;1;) (canon context.set i32 0))
  (core func $"[thread-index]" (;2;) (canon thread.index))
  (core type $thread-start (;1;) (shared (func (param i32))))
  (alias core export $state "threads" (core table $threads (;0;)))
  (core func $"[thread-spawn-indirect-threads]" (;3;) (canon thread.spawn-indirect $thread-start $threads))
  (core instance $root (;3;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[thread-index]" (func $"[thread-index]"))
    (export "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]"))
  )
  (core module $main (;2;)
    (type $t (;0;) (shared (func (param i32))))
    (type (;1;) (shared (func (param i32) (result i32))))
    (type (;2;) (shared (func)))
    (type (;3;) (shared (func (param i32 i32))))
    (type (;4;) (shared (func (result i32))))
    (type (;5;) (shared (func (param i32))))
    (type (;6;) (shared (func (param i32 i32) (result i32))))
    (type (;7;) (shared (func (param i32) (result i32))))
    (type (;8;) (shared (func)))
    (type (;9;) (func (result i32)))
    (type (;10;) (func (param i32)))
    (import "$state" "memory" (memory $m (;0;) 1 1 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (;0;) (type $t)))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;1;) (type 4)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;2;) (type 5)))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;3;) (type 4)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;4;) (type 6)))
    (table $table (;1;) shared 1 (ref null (shared func)))
    (tag $tag (;0;) (type $t))
    (global $limit (;0;) (shared i32) i32.const 7)
    (export "_start" (func $"entry _start"))
    (export "weft:export memory" (memory $m))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
    (elem $segment (;0;) (table $table) (i32.const 0) func $exit)
    (elem (;1;) (table 0) (i32.const 0) func $thread-entry)
    (func $start (;5;) (type 2)
      (local i32)
      block $done
        global.get $limit
        call $wasi.thread-spawn
        local.set 0
        br $done
      end
      local.get 0
      call $exit
    )
    (func $thread (;6;) (type 3))
    (func $wasi.thread-spawn (;7;) (type 7)
      (local i32)
      i32.const 0
      local.get 0
      call $"[thread-spawn-indirect-threads]"
      local.tee 1
      i32.const -1
      local.get 1
      select
    )
    (func $initialize-globals (;8;) (type 8)
      i32.const 1024
      call $"[context-set-0]"
    )
    (func $thread-entry (;9;) (type 5)
      call $initialize-globals
      call $"[thread-index]"
      local.get 0
      call $thread
    )
    (func $"entry _start" (;10;) (type 4)
      call $initialize-globals
      call $start
      i32.const 0
    )
    (func $enter-call (;11;) (type 9) (result i32)
      call $initialize-globals
      i32.const 0
    )
    (func $leave-call (;12;) (type 10) (param i32))
    (data $text (;0;) (i32.const 0) "x")
    (@producers
      (language "C" "11")
    )
    (@custom "target_features" (after data) "\01+\07atomics")
  )
  (core instance $main (;4;) (instantiate $main
      (with "$state" (instance $state))
      (with "wasi_snapshot_preview1" (instance $wasi-snapshot-preview1))
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
