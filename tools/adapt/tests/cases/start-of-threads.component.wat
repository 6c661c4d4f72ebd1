(component
  (core module $state (;0;)
    (table (;0;) shared 1 1 (ref null (shared func)))
    (memory (;0;) 1 1 shared)
    (memory (;1;) 1 1 shared)
    (export "threads" (table 0))
    (export "memory" (memory 0))
    (export "records" (memory 1))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-set-0]" (;1;) (canon context.set i32 0))
  (core func $"[thread-index]" (;2;) (canon thread.index))
  (core type $thread-start (;0;) (shared (func (param i32))))
  (alias core export $state "threads" (core table $threads (;0;)))
  (core func $"[thread-spawn-indirect-threads]" (;3;) (canon thread.spawn-indirect $thread-start $threads))
  (core instance $root (;1;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[thread-index]" (func $"[thread-index]"))
    (export "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (param i32) (result i32))))
    (type (;1;) (shared (func)))
    (type (;2;) (shared (func (param i32 i32))))
    (type (;3;) (shared (func (result i32))))
    (type (;4;) (shared (func (param i32))))
    (type (;5;) (shared (func (param i32 i32) (result i32))))
    (type (;6;) (shared (func (param i32) (result i32))))
    (type (;7;) (shared (func)))
    (type (;8;) (func (result i32)))
    (type (;9;) (func (param i32)))
    (import "$state" "memory" (memory (;0;) 1 1 shared))
    (import "$state" "records" (memory (;1;) 1 1 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 3)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;1;) (type 4)))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;2;) (type 3)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;3;) (type 5)))
    (table (;1;) shared 1 (ref null (shared func)))
    (export "_start" (func $"entry _start"))
    (export "weft:export memory" (memory 0))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
    (start $start)
    (elem $e (;0;) (ref null (shared func)) (ref.func $main))
    (elem (;1;) (table 0) (i32.const 0) func $thread-entry)
    (elem (;2;) declare func $main)
    (func $s (;4;) (type 1)
      i32.const 0
      i32.const 0
      i32.const 4
      memory.init $d
      i32.const 0
      i32.const 0
      i32.const 1
      table.init 1 $e
      nop
      nop
      i32.const 7
      call $"[context-set-0]"
    )
    (func $main (;5;) (type 1)
      i32.const 0
      call $wasi.thread-spawn
      drop
    )
    (func (;6;) (type 2)
      call $"[context-get-0]"
      i32.const 7
      i32.ne
      if ;; label = @1
        unreachable
      end
    )
    (func $wasi.thread-spawn (;7;) (type 6)
      (local i32)
      i32.const 0
      local.get 0
      call $"[thread-spawn-indirect-threads]"
      local.tee 1
      i32.const -1
      local.get 1
      select
    )
    (func $initialize-globals (;8;) (type 7)
      i32.const 1
      call $"[context-set-0]"
    )
    (func $save-globals (;9;) (type 7)
      i32.const 0
      call $"[context-get-0]"
      i32.store 1
    )
    (func $restore-globals (;10;) (type 7)
      i32.const 0
      i32.load 1
      call $"[context-set-0]"
    )
    (func $thread-entry (;11;) (type 4)
      call $initialize-globals
      call $s
      call $"[thread-index]"
      local.get 0
      call 6
    )
    (func $start (;12;) (type 7)
      call $initialize-globals
      call $s
      call $save-globals
    )
    (func $"entry _start" (;13;) (type 3)
      call $restore-globals
      call $main
      call $save-globals
      i32.const 0
    )
    (func $enter-call (;14;) (type 8) (result i32)
      call $restore-globals
      i32.const 0
    )
    (func $leave-call (;15;) (type 9) (param i32)
      call $save-globals
    )
    (data $d (;0;) "data")
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
