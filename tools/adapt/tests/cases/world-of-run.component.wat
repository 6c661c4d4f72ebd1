(component
  (core module $state (;0;)
    (table (;0;) shared 1 1 (ref null (shared func)))
    (memory (;0;) 1 16384 shared)
    (export "threads" (table 0))
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[thread-index]" (;0;) (canon thread.index))
  (core type $thread-start (;0;) (shared (func (param i32))))
  (alias core export $state "threads" (core table $threads (;0;)))
  (core func $"[thread-spawn-indirect-threads]" (;1;) (canon thread.spawn-indirect $thread-start $threads))
  (type (;0;) (result))
  (type (;1;) (func (result 0)))
  (alias core export $state "memory" (core memory $memory (;0;)))
  (core instance $$root (;1;)
    (export "[thread-index]" (func $"[thread-index]"))
    (export "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (param i32) (result i32))))
    (type (;1;) (shared (func (param i32 i32))))
    (type (;2;) (shared (func)))
    (type (;3;) (shared (func (result i32))))
    (type (;4;) (shared (func (result i32))))
    (type (;5;) (shared (func (param i32 i32) (result i32))))
    (type (;6;) (shared (func (param i32) (result i32))))
    (type (;7;) (shared (func (param i32))))
    (import "$state" "memory" (memory (;0;) 1 16384 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;0;) (type 4)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;1;) (type 5)))
    (export "wasi:cli/run@0.2.6#run" (func 4))
    (elem (;0;) (table 0) (i32.const 0) func $thread-entry)
    (func (;2;) (type 1))
    (func (;3;) (type 2))
    (func (;4;) (type 3)
      i32.const 0
      call $wasi.thread-spawn
    )
    (func $wasi.thread-spawn (;5;) (type 6)
      (local i32)
      i32.const 0
      local.get 0
      call $"[thread-spawn-indirect-threads]"
      local.tee 1
      i32.const -1
      local.get 1
      select
    )
    (func $thread-entry (;6;) (type 7)
      call $"[thread-index]"
      local.get 0
      call 2
    )
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
      (with "$root" (instance $$root))
    )
  )
  (alias core export $main "wasi:cli/run@0.2.6#run" (core func $wasi:cli/run@0.2.6#run (;2;)))
  (func (;0;) (type 1) (canon lift (core func $wasi:cli/run@0.2.6#run)))
  (component (;0;)
    (type (;0;) (result))
    (type (;1;) (func (result 0)))
    (import "import-func-run" (func (;0;) (type 1)))
    (type (;2;) (result))
    (type (;3;) (func (result 2)))
    (export (;1;) "run" (func 0) (func (type 3)))
  )
  (instance (;0;) (instantiate 0
      (with "import-func-run" (func 0))
    )
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance 0))
)
