(component
  (core module $state (;0;)
    (memory (;0;) 1 65536 shared)
    (memory (;1;) 1 1 shared)
    (export "memory" (memory 0))
    (export "records" (memory 1))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-set-0]" (;1;) (canon context.set i32 0))
  (core func $"[thread-available-parallelism]" (;2;) (canon thread.available_parallelism))
  (core instance $root (;1;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (result i32))))
    (type (;1;) (shared (func)))
    (type (;2;) (shared (func (param i32 i64) (result f64))))
    (type (;3;) (shared (func (param f32) (result i32))))
    (type (;4;) (shared (func (param v128))))
    (type (;5;) (shared (func (param (ref null (shared func))))))
    (type (;6;) (shared (func (result i32 i32))))
    (type (;7;) (shared (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32))))
    (type (;8;) (shared (func (result i32))))
    (type (;9;) (shared (func (param i32))))
    (type (;10;) (shared (func (param i32) (result i32))))
    (type (;11;) (shared (func)))
    (import "$state" "memory" (memory (;0;) 1 65536 shared))
    (import "$state" "records" (memory (;1;) 1 1 shared))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 8)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;1;) (type 9)))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;2;) (type 8)))
    (table (;0;) shared 1 (ref null (shared func)))
    (global (;0;) (shared i32) i32.const 42)
    (export "_initialize" (func $"entry _initialize"))
    (export "napi_register_module_v1" (func $"entry napi_register_module_v1"))
    (export "getItem" (func $"entry getItem"))
    (start $start)
    (func (;3;) (type 1))
    (func (;4;) (type 2)
      f64.const 0x0p+0 (;=0;)
    )
    (func (;5;) (type 3)
      call $"[context-get-0]"
    )
    (func (;6;) (type 4))
    (func (;7;) (type 5))
    (func (;8;) (type 6)
      i32.const 1
      i32.const 2
    )
    (func (;9;) (type 7))
    (func $initialize-globals (;10;) (type 11)
      i32.const 4096
      call $"[context-set-0]"
    )
    (func $save-globals (;11;) (type 11)
      i32.const 0
      call $"[context-get-0]"
      i32.store 1
    )
    (func $restore-globals (;12;) (type 11)
      i32.const 0
      i32.load 1
      call $"[context-set-0]"
    )
    (func $start (;13;) (type 11)
      call $initialize-globals
      call $save-globals
    )
    (func $"entry _initialize" (;14;) (type 1)
      call $restore-globals
      call 3
      call $save-globals
    )
    (func $"entry napi_register_module_v1" (;15;) (type 2)
      call $restore-globals
      local.get 0
      local.get 1
      call 4
      call $save-globals
    )
    (func $"entry getItem" (;16;) (type 3)
      call $restore-globals
      local.get 0
      call 5
      call $save-globals
    )
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_initialize" (core func $_initialize (;3;)))
  (type $initialize (;0;) (func))
  (func $initialize (;0;) (type $initialize) (canon lift (core func $_initialize)))
  (export (;1;) "initialize" (func $initialize))
  (alias core export $main "napi_register_module_v1" (core func $napi_register_module_v1 (;4;)))
  (type $napi-register-module-v1 (;1;) (func (param "p0" s32) (param "p1" s64) (result f64)))
  (func $napi-register-module-v1 (;2;) (type $napi-register-module-v1) (canon lift (core func $napi_register_module_v1)))
  (export (;3;) "napi-register-module-v1" (func $napi-register-module-v1))
  (alias core export $main "getItem" (core func $getItem (;5;)))
  (type $get-item (;2;) (func (param "p0" f32) (result s32)))
  (func $get-item (;4;) (type $get-item) (canon lift (core func $getItem)))
  (export (;5;) "get-item" (func $get-item))
)
