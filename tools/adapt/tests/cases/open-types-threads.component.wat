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
    (type $open (;0;) (sub (shared (func (param i32) (result i32)))))
    (type $sub (;1;) (sub final $open (shared (func (param i32) (result i32)))))
    (rec
      (type $index (;2;) (shared (func (result i32))))
      (type (;3;) (shared (func)))
    )
    (type (;4;) (shared (func (param i32 i32))))
    (type (;5;) (shared (func)))
    (type (;6;) (shared (func (result i32))))
    (type (;7;) (shared (func (param i32 i32) (result i32))))
    (type (;8;) (shared (func (param i32) (result i32))))
    (type (;9;) (shared (func (param i32))))
    (import "$state" "memory" (memory (;0;) 1 1 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;0;) (type 6)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;1;) (type 7)))
    (table (;1;) shared 1 (ref null $open))
    (export "_start" (func $"entry _start"))
    (export "weft:export memory" (memory 0))
    (elem (;0;) (table 1) (i32.const 0) (ref null $open) (ref.func $"import wasi.thread-spawn"))
    (elem (;1;) declare func $"#func6 import wasi.thread-spawn" $"import [thread-index]")
    (elem (;2;) (table 0) (i32.const 0) func $thread-entry)
    (elem (;3;) declare func $"import wasi.thread-spawn" $"#func6 import wasi.thread-spawn" $"import [thread-index]")
    (func (;2;) (type 4))
    (func (;3;) (type 5)
      i32.const 1
      i32.const 0
      call_indirect 1 (type $sub)
      drop
      i32.const 2
      ref.func $"#func6 import wasi.thread-spawn"
      call_ref $open
      drop
      i32.const 3
      call $"#func7 import wasi.thread-spawn"
      drop
      ref.func $"import [thread-index]"
      call_ref $index
      drop
    )
    (func $wasi.thread-spawn (;4;) (type 8)
      (local i32)
      i32.const 0
      local.get 0
      call $"[thread-spawn-indirect-threads]"
      local.tee 1
      i32.const -1
      local.get 1
      select
    )
    (func $"import wasi.thread-spawn" (;5;) (type $sub)
      local.get 0
      call $wasi.thread-spawn
    )
    (func $"#func6 import wasi.thread-spawn" (@name "import wasi.thread-spawn") (;6;) (type $open)
      local.get 0
      call $wasi.thread-spawn
    )
    (func $"#func7 import wasi.thread-spawn" (@name "import wasi.thread-spawn") (;7;) (type $open)
      local.get 0
      call $wasi.thread-spawn
    )
    (func $"import [thread-index]" (;8;) (type $index)
      call $"[thread-index]"
    )
    (func $thread-entry (;9;) (type 9)
      call $"[thread-index]"
      local.get 0
      call 2
    )
    (func $"entry _start" (;10;) (type 6)
      call 3
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
)
