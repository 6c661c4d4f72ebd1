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
  (type (;0;) (func (result u32)))
  (import "answer" (func (;0;) (type 0)))
  (alias core export $state "memory" (core memory $memory (;0;)))
  (core func (;2;) (canon lower (func 0)))
  (core instance $$root (;1;)
    (export "answer" (func 2))
    (export "[thread-index]" (func $"[thread-index]"))
    (export "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (param i32) (result i32))))
    (type (;1;) (shared (func (result i32))))
    (type (;2;) (shared (func (param i32 i32))))
    (type (;3;) (shared (func (param i32 i32 i32 i32) (result i32))))
    (type (;4;) (shared (func (result i32))))
    (type (;5;) (shared (func (param i32 i32) (result i32))))
    (type (;6;) (shared (func (param i32) (result i32))))
    (type (;7;) (shared (func (param i32))))
    (import "$state" "memory" (memory (;0;) 1 16384 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "$root" "answer" (func $answer (;0;) (type 1)))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;1;) (type 4)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;2;) (type 5)))
    (export "double_answer" (func 5))
    (elem (;0;) (table 0) (i32.const 0) func $thread-entry)
    (func (;3;) (type 2))
    (func (;4;) (type 3)
      i32.const 0
    )
    (func (;5;) (type 1)
      i32.const 0
      call $wasi.thread-spawn
      drop
      call $answer
      i32.const 2
      i32.mul
    )
    (func $wasi.thread-spawn (;6;) (type 6)
      (local i32)
      i32.const 0
      local.get 0
      call $"[thread-spawn-indirect-threads]"
      local.tee 1
      i32.const -1
      local.get 1
      select
    )
    (func $thread-entry (;7;) (type 7)
      call $"[thread-index]"
      local.get 0
      call 3
    )
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
      (with "$root" (instance $$root))
    )
  )
  (alias core export $main "double_answer" (core func $double_answer (;3;)))
  (type $double-answer (;1;) (func (result s32)))
  (func $double-answer (;1;) (type $double-answer) (canon lift (core func $double_answer)))
  (export (;2;) "double-answer" (func $double-answer))
)
