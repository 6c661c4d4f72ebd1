(component
  (core func $"[thread-available-parallelism]" (;0;) (canon thread.available_parallelism))
  (core instance $root (;0;)
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
  )
  (core module $main (;0;)
    (type (;0;) (shared (func (result i32))))
    (type (;1;) (shared (func (param i32))))
    (type (;2;) (shared (func)))
    (type (;3;) (shared (func (param (ref null (shared exn))))))
    (type (;4;) (shared (func (result i32 (ref null (shared exn))))))
    (type (;5;) (shared (func (result i32))))
    (type (;6;) (shared (func (param i32) (result i32))))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;0;) (type 5)))
    (tag $t (;0;) (type 1))
    (export "_start" (func $"entry _start"))
    (func $throw (;1;) (type 2)
      i32.const 1
      throw $t
    )
    (func $rethrow (;2;) (type 3)
      local.get 0
      throw_ref
    )
    (func (;3;) (type 2)
      (local (ref null (shared exn)))
      block $all (type 4)
        try_table (catch_ref $t $all) ;; label = @2
          call $throw
        end
        return
      end
      local.set 0
      drop
      local.get 0
      call $rethrow
    )
    (func $"entry _start" (;4;) (type 5)
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
