(component
  (core module $state (;0;)
    (table (;0;) shared 1 1 (ref null (shared func)))
    (memory (;0;) 1 1 shared)
    (export "threads" (table 0))
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[thread-index]" (;0;) (canon thread.index))
  (core type $thread-start (;0;) (shared (func (param i32))))
  (alias core export $state "threads" (core table $threads (;0;)))
  (core func $"[thread-spawn-indirect-threads]" (;1;) (canon thread.spawn-indirect $thread-start $threads))
  (core instance $root (;1;)
    (export "[thread-index]" (func $"[thread-index]"))
    (export "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (param i32) (result i32))))
    (type (;1;) (shared (func)))
    (type (;2;) (shared (func (param i32 i32))))
    (type (;3;) (shared (func (result i32))))
    (type (;4;) (shared (func (param i32 i32) (result i32))))
    (type (;5;) (shared (func (param i32) (result i32))))
    (type (;6;) (shared (func (param i32))))
    (import "$state" "memory" (memory (;0;) 1 1 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;0;) (type 3)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;1;) (type 4)))
    (export "_start" (func $"entry _start"))
    (export "spawn" (func $wasi.thread-spawn))
    (export "weft:export memory" (memory 0))
    (export "weft:export spawn" (func $wasi.thread-spawn))
    (elem (;0;) (table 0) (i32.const 0) func $thread-entry)
    (elem (;1;) declare func $main $start $wasi.thread-spawn)
    (func $main (;2;) (type 1)
      ref.func $main
      drop
      ref.func $wasi.thread-spawn
      drop
      ref.func $start
      drop
    )
    (func $start (;3;) (type 2))
    (func $wasi.thread-spawn (;4;) (type 5)
      (local i32)
      i32.const 0
      local.get 0
      call $"[thread-spawn-indirect-threads]"
      local.tee 1
      i32.const -1
      local.get 1
      select
    )
    (func $thread-entry (;5;) (type 6)
      call $"[thread-index]"
      local.get 0
      call $start
    )
    (func $"entry _start" (;6;) (type 3)
      call $main
      i32.const 0
    )
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_start" (core func $_start (;2;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
  (alias core export $main "spawn" (core func $spawn (;3;)))
  (type $spawn (;2;) (func (param "p0" s32) (result s32)))
  (func $spawn (;1;) (type $spawn) (canon lift (core func $spawn)))
  (export (;2;) "spawn" (func $spawn))
)
