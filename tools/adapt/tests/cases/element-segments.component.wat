(component
  (core func $"[thread-available-parallelism]" (;0;) (canon thread.available_parallelism))
  (core instance $root (;0;)
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
  )
  (core module $main (;0;)
    (type $f (;0;) (shared (func)))
    (type (;1;) (shared (func (result i32))))
    (type (;2;) (shared (func (result i32))))
    (type (;3;) (shared (func (param i32) (result i32))))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;0;) (type 2)))
    (table $table (;0;) shared 4 (ref null (shared func)))
    (table $typed (;1;) shared 4 (ref null $f))
    (export "_start" (func $"entry _start"))
    (elem (;0;) (table $table) (i32.const 0) func $f $g)
    (elem (;1;) (table $typed) (i32.const 1) (ref null $f) (ref.func $f) (ref.null $f))
    (elem $passive (;2;) func $g $f)
    (elem $empty (;3;) (ref (shared func)))
    (elem (;4;) declare func $h)
    (elem (;5;) declare func $f $h)
    (func $f (;1;) (type $f))
    (func $g (;2;) (type $f)
      ref.func $h
      drop
    )
    (func $h (;3;) (type $f))
    (func (;4;) (type $f)
      i32.const 0
      i32.const 0
      i32.const 2
      table.init $passive
      i32.const 0
      i32.const 0
      i32.const 0
      table.init $empty
      elem.drop $passive
    )
    (func $"entry _start" (;5;) (type 2)
      call 4
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
