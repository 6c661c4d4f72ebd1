(component
  (core module $state (;0;)
    (memory (;0;) 0 0 shared)
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (alias core export $state "memory" (core memory $memory (;0;)))
  (core instance $host-env (;1;)
    (export "memory" (memory $memory))
  )
  (core type $env (;0;)
    (module
      (import "env" "memory" (memory 0 0 shared))
      (export "memory_base" (global (shared i32)))
    )
  )
  (import "env" (core module $env (;1;) (type $env)))
  (core instance $env (;2;) (instantiate $env
      (with "env" (instance $host-env))
    )
  )
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-get-1]" (;1;) (canon context.get i32 1))
  (core func $"[context-set-0]" (;2;) (canon context.set i32 0))
  (core func $"[context-set-1]" (;3;) (canon context.set i32 1))
  (core instance $root (;3;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-get-1]" (func $"[context-get-1]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[context-set-1]" (func $"[context-set-1]"))
  )
  (core module $main (;2;)
    (type (;0;) (shared (func)))
    (type (;1;) (shared (func (result i32))))
    (type (;2;) (shared (func (param i32))))
    (type (;3;) (shared (func (param i32) (result i32))))
    (type (;4;) (shared (func)))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 1)))
    (import "$root" "[context-get-1]" (func $"[context-get-1]" (;1;) (type 1)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;2;) (type 2)))
    (import "$root" "[context-set-1]" (func $"[context-set-1]" (;3;) (type 2)))
    (import "env" "memory_base" (global $memory_base (;0;) (shared i32)))
    (global $stack (;1;) (shared i32) global.get $memory_base i32.const 1024 i32.add)
    (global $function (;2;) (shared (ref null (shared func))) ref.func $start)
    (export "_start" (func $"entry _start"))
    (elem (;0;) declare func $start)
    (func $start (;4;) (type 0)
      global.get $stack
      call $"[context-set-0]"
    )
    (func $initialize-globals (;5;) (type 4)
      global.get $memory_base
      call $"[context-set-0]"
      global.get $memory_base
      i32.const 16
      i32.add
      call $"[context-set-1]"
    )
    (func $"entry _start" (;6;) (type 1)
      call $initialize-globals
      call $start
      i32.const 0
    )
  )
  (core instance $main (;4;) (instantiate $main
      (with "$state" (instance $state))
      (with "env" (instance $env))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_start" (core func $_start (;4;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
