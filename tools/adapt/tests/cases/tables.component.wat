(component
  (core func $"[thread-available-parallelism]" (;0;) (canon thread.available_parallelism))
  (core instance $root (;0;)
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
  )
  (core module $main (;0;)
    (type $f (;0;) (shared (func (result i32))))
    (type (;1;) (shared (func)))
    (type (;2;) (shared (func (result i32))))
    (type (;3;) (shared (func (param i32) (result i32))))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;0;) (type 2)))
    (table $imported (;0;) shared 2 10 (ref null (shared func)))
    (table $typed (;1;) shared 1 1 (ref null $f))
    (export "_start" (func $"entry _start"))
    (elem (;0;) (table $imported) (i32.const 0) func $one)
    (elem $active (;1;) (table $typed) (i32.const 0) (ref null $f) (ref.func $one) (ref.null $f))
    (elem $passive (;2;) func $one $two)
    (elem (;3;) declare func $two)
    (elem (;4;) declare func $one $two)
    (func $one (;1;) (type $f)
      i32.const 1
    )
    (func $two (;2;) (type $f)
      i32.const 2
    )
    (func (;3;) (type 1)
      (local (ref null (shared func)))
      i32.const 0
      i32.const 0
      i32.const 2
      table.init $passive
      elem.drop $passive
      i32.const 0
      table.get $imported
      local.set 0
      i32.const 1
      ref.func $two
      table.set $imported
      ref.null (shared func)
      i32.const 1
      table.grow $imported
      drop
      i32.const 0
      local.get 0
      i32.const 1
      table.fill $imported
      i32.const 0
      table.get $typed
      call_ref $f
      drop
      block (result (ref null (shared func))) ;; label = @1
        local.get 0
        ref.null (shared nofunc)
        i32.const 1
        select (result (ref null (shared func)))
      end
      drop
    )
    (func $"entry _start" (;4;) (type 2)
      call 3
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
