(component
  (core func $"[thread-available-parallelism]" (;0;) (canon thread.available_parallelism))
  (core instance $root (;0;)
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
  )
  (core module $main (;0;)
    (type $f (;0;) (shared (func (param i32) (result i32))))
    (type (;1;) (shared (func (result i32))))
    (type (;2;) (shared (func)))
    (type (;3;) (shared (func (result i32))))
    (type (;4;) (shared (func (param i32) (result i32))))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;0;) (type 3)))
    (table (;0;) shared 1 1 (ref null (shared func)))
    (export "_start" (func $"entry _start"))
    (elem (;0;) (table 0) (i32.const 0) func $id)
    (func $id (;1;) (type $f)
      local.get 0
    )
    (func (;2;) (type 2)
      i32.const 7
      i32.const 0
      call_indirect (type $f)
      drop
    )
    (func $"entry _start" (;3;) (type 3)
      call 2
      i32.const 0
    )
  )
  (core instance $main (;1;) (instantiate $main
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_start" (core func $_start (;1;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
