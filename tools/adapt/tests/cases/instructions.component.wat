(component
  (core module $state (;0;)
    (memory (;0;) 1 1 shared)
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[thread-available-parallelism]" (;0;) (canon thread.available_parallelism))
  (core instance $root (;1;)
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (result i32))))
    (type (;1;) (shared (func (param i32) (result i32 i32))))
    (type (;2;) (shared (func)))
    (type (;3;) (shared (func (param i32 i32))))
    (type (;4;) (shared (func (result i32))))
    (type (;5;) (shared (func (param i32) (result i32))))
    (import "$state" "memory" (memory (;0;) 1 1 shared))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;0;) (type 4)))
    (export "_start" (func $"entry _start"))
    (func $pair (;1;) (type 1)
      local.get 0
      local.get 0
      i32.extend8_s
    )
    (func $tail (;2;) (type 1)
      local.get 0
      return_call $pair
    )
    (func (;3;) (type 2)
      (local v128)
      f64.const 0x1.2a05f2p+33 (;=10000000000;)
      i32.trunc_sat_f64_s
      call $tail
      loop $again (type 3)
        i32.const 0
        br_if $again
        drop
        drop
      end
      local.get 0
      local.get 0
      i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
      local.set 0
      i32.const 0
      local.get 0
      local.get 0
      local.get 0
      f32x4.relaxed_madd
      v128.store
      i32.const 8
      i64.const 1
      i64.atomic.store
      atomic.fence
    )
    (func $"entry _start" (;4;) (type 4)
      call 3
      i32.const 0
    )
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
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
