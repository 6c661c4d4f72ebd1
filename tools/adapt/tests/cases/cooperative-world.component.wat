(component
  (core module $main (;0;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i32)))
    (type (;2;) (func (param i32 i32) (result i32)))
    (type (;3;) (func))
    (import "$root" "[context-get-0]" (func $get (;0;) (type 0)))
    (import "$root" "[context-set-0]" (func $set (;1;) (type 1)))
    (import "$root" "[thread-new-indirect-v0]" (func $new (;2;) (type 2)))
    (import "$root" "[thread-resume-later]" (func $resume (;3;) (type 1)))
    (import "$root" "[cancellable][thread-yield]" (func $yield (;4;) (type 0)))
    (table (;0;) 2 2 funcref)
    (memory (;0;) 1)
    (export "memory" (memory 0))
    (export "__indirect_function_table" (table 0))
    (export "__wasm_init_task" (func 6))
    (export "__wasm_init_async_task" (func 7))
    (export "answer" (func 8))
    (elem (;0;) (i32.const 1) func $work)
    (func $work (;5;) (type 1) (param i32)
      i32.const 16
      local.get 0
      i32.store
    )
    (func (;6;) (type 3)
      i32.const 65536
      call $set
    )
    (func (;7;) (type 3)
      i32.const 65536
      call $set
    )
    (func (;8;) (type 0) (result i32)
      i32.const 1
      i32.const 42
      call $new
      call $resume
      call $yield
      drop
      call $get
      i32.const 65520
      i32.sub
      i32.load
    )
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-shim-module (;1;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (table (;0;) 1 1 funcref)
    (export "0" (func 0))
    (export "$imports" (table 0))
    (func (;0;) (type 0) (param i32 i32) (result i32)
      local.get 0
      local.get 1
      i32.const 0
      call_indirect (type 0)
    )
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-fixup (;2;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (import "" "0" (func (;0;) (type 0)))
    (import "" "$imports" (table (;0;) 1 1 funcref))
    (elem (;0;) (i32.const 0) func 0)
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core instance $wit-component-shim-instance (;0;) (instantiate $wit-component-shim-module))
  (core func $"context.get 0" (;0;) (canon context.get i32 0))
  (core func $"context.set 0" (;1;) (canon context.set i32 0))
  (alias core export $wit-component-shim-instance "0" (core func $thread.new-indirect (;2;)))
  (core func $thread.resume-later (;3;) (canon thread.resume-later))
  (core func $thread.yield (;4;) (canon thread.yield cancellable))
  (core instance $$root (;1;)
    (export "[context-get-0]" (func $"context.get 0"))
    (export "[context-set-0]" (func $"context.set 0"))
    (export "[thread-new-indirect-v0]" (func $thread.new-indirect))
    (export "[thread-resume-later]" (func $thread.resume-later))
    (export "[cancellable][thread-yield]" (func $thread.yield))
  )
  (core instance $main (;2;) (instantiate $main
      (with "$root" (instance $$root))
    )
  )
  (alias core export $main "memory" (core memory $memory (;0;)))
  (core module $init-task-wrappers (;3;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (import "" "__wasm_init_task" (func (;0;) (type 0)))
    (import "" "__wasm_init_async_task" (func (;1;) (type 0)))
    (import "" "import-func-answer" (func (;2;) (type 1)))
    (export "answer" (func 3))
    (func (;3;) (type 1) (result i32)
      call 0
      call 2
    )
  )
  (alias core export $main "__wasm_init_task" (core func $__wasm_init_task (;5;)))
  (alias core export $main "__wasm_init_async_task" (core func $__wasm_init_async_task (;6;)))
  (alias core export $main "answer" (core func $answer (;7;)))
  (core instance $init-task-wrappers-args (;3;)
    (export "__wasm_init_task" (func $__wasm_init_task))
    (export "__wasm_init_async_task" (func $__wasm_init_async_task))
    (export "import-func-answer" (func $answer))
  )
  (core instance $init-task-wrappers-instance (;4;) (instantiate $init-task-wrappers
      (with "" (instance $init-task-wrappers-args))
    )
  )
  (alias core export $init-task-wrappers-instance "answer" (core func $"#core-func8 answer" (@name "answer") (;8;)))
  (alias core export $wit-component-shim-instance "$imports" (core table $"shim table" (;0;)))
  (core type $thread-start (;0;) (func (param i32)))
  (alias core export $main "__indirect_function_table" (core table $indirect-function-table (;1;)))
  (core func $"#core-func9 thread.new-indirect" (@name "thread.new-indirect") (;9;) (canon thread.new-indirect $thread-start $indirect-function-table))
  (core instance $fixup-args (;5;)
    (export "$imports" (table $"shim table"))
    (export "0" (func $"#core-func9 thread.new-indirect"))
  )
  (core instance $fixup (;6;) (instantiate $wit-component-fixup
      (with "" (instance $fixup-args))
    )
  )
  (type (;0;) (func (result u32)))
  (func $answer (;0;) (type 0) (canon lift (core func $"#core-func8 answer")))
  (export $"#func1 answer" (@name "answer") (;1;) "answer" (func $answer))
  (@producers
    (processed-by "wit-component" "0.254.2")
  )
)
