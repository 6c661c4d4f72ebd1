(component
  (core module $state (;0;)
    (memory (;0;) 1 65536 shared)
    (memory (;1;) 1 1 shared)
    (memory (;2;) 1 64 shared)
    (export "memory" (memory 0))
    (export "records" (memory 1))
    (export "contexts" (memory 2))
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
    (type (;12;) (shared (func (param i32 i32) (result i32))))
    (type (;13;) (shared (func (param i32 i64) (result f64))))
    (type (;14;) (shared (func (param f32) (result i32))))
    (import "$state" "memory" (memory (;0;) 1 65536 shared))
    (import "$state" "records" (memory (;1;) 1 1 shared))
    (import "$state" "contexts" (memory (;2;) 1 64 shared))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 8)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;1;) (type 9)))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;2;) (type 8)))
    (table (;0;) shared 1 (ref null (shared func)))
    (global (;0;) (shared i32) i32.const 42)
    (export "_initialize" (func $"entry _initialize"))
    (export "napi_register_module_v1" (func $"entry napi_register_module_v1"))
    (export "getItem" (func $"entry getItem"))
    (export "weft:export memory" (memory 0))
    (export "weft:export __indirect_function_table" (table 0))
    (export "weft:export _initialize" (func 3))
    (export "weft:export napi_register_module_v1" (func 4))
    (export "weft:export getItem" (func 5))
    (export "weft:export vector" (func 6))
    (export "weft:export reference" (func 7))
    (export "weft:export two" (func 8))
    (export "weft:export many" (func 9))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
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
    (func $leave-context (;13;) (type 9)
      (local i64)
      loop ;; label = @1
        local.get 0
        i32.const 0
        i64.atomic.load 2
        local.tee 1
        i32.wrap_i64
        i32.store 2
        i32.const 0
        local.get 1
        local.get 0
        i64.extend_i32_u
        local.get 1
        i64.const 4294967296
        i64.add
        i64.const -4294967296
        i64.and
        i64.or
        i64.atomic.rmw.cmpxchg 2
        local.get 1
        i64.ne
        br_if 0 (;@1;)
      end
    )
    (func $enter-context (;14;) (type 9)
      local.get 0
      i32.load 2 offset=4
      call $"[context-set-0]"
    )
    (func $new-context (;15;) (type 8)
      (local i32)
      i32.const 0
      i32.const 32
      i32.atomic.rmw.add 2 offset=8
      i32.const 32
      i32.add
      local.set 0
      block ;; label = @1
        loop ;; label = @2
          local.get 0
          i32.const 16
          i32.shr_u
          memory.size 2
          i32.lt_u
          br_if 1 (;@1;)
          i32.const 1
          memory.grow 2
          drop
          memory.size 2
          i32.const 64
          i32.lt_u
          br_if 0 (;@2;)
          local.get 0
          i32.const 16
          i32.shr_u
          memory.size 2
          i32.lt_u
          br_if 1 (;@1;)
          i32.const 0
          return
        end
      end
      local.get 0
    )
    (func $list-contexts (;16;) (type 12)
      (local i32)
      loop ;; label = @1
        call $new-context
        local.tee 2
        i32.eqz
        if ;; label = @2
          i32.const 0
          return
        end
        local.get 2
        local.get 0
        i32.store 2 offset=8
        local.get 2
        local.get 0
        i32.const 131072
        i32.add
        i32.store 2 offset=4
        local.get 2
        call $leave-context
        local.get 0
        i32.const 131072
        i32.add
        local.set 0
        local.get 1
        i32.const 1
        i32.sub
        local.tee 1
        br_if 0 (;@1;)
      end
      i32.const 1
    )
    (func $add-contexts (;17;) (type 8)
      (local i32)
      i32.const 32
      memory.grow
      local.tee 0
      i32.const -1
      i32.ne
      if ;; label = @1
        local.get 0
        i32.const 16
        i32.shl
        i32.const 16
        call $list-contexts
        return
      end
      i32.const 2
      memory.grow
      local.tee 0
      i32.const -1
      i32.ne
      if ;; label = @1
        local.get 0
        i32.const 16
        i32.shl
        i32.const 1
        call $list-contexts
        return
      end
      i32.const 0
    )
    (func $take-context (;18;) (type 8)
      (local i64 i32)
      loop ;; label = @1
        i32.const 0
        i64.atomic.load 2
        local.tee 0
        i32.wrap_i64
        local.tee 1
        if ;; label = @2
          i32.const 0
          local.get 0
          local.get 1
          i32.load 2
          i64.extend_i32_u
          local.get 0
          i64.const 4294967296
          i64.add
          i64.const -4294967296
          i64.and
          i64.or
          i64.atomic.rmw.cmpxchg 2
          local.get 0
          i64.ne
          br_if 1 (;@1;)
          local.get 1
          return
        end
        call $add-contexts
        br_if 0 (;@1;)
      end
      i32.const 0
    )
    (func $start (;19;) (type 11)
      call $initialize-globals
      call $save-globals
    )
    (func $"entry _initialize" (;20;) (type 11)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg 2 offset=12
      i32.eqz
      if ;; label = @1
        call $restore-globals
        call 3
        call $save-globals
        i32.const 0
        i32.const 0
        i32.atomic.store 2 offset=12
      else
        call $take-context
        local.tee 0
        i32.eqz
        if ;; label = @2
          unreachable
        end
        local.get 0
        call $enter-context
        call 3
        local.get 0
        call $leave-context
      end
    )
    (func $"entry napi_register_module_v1" (;21;) (type 13)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg 2 offset=12
      i32.eqz
      if (result f64) ;; label = @1
        call $restore-globals
        local.get 0
        local.get 1
        call 4
        call $save-globals
        i32.const 0
        i32.const 0
        i32.atomic.store 2 offset=12
      else
        call $take-context
        local.tee 2
        i32.eqz
        if ;; label = @2
          unreachable
        end
        local.get 2
        call $enter-context
        local.get 0
        local.get 1
        call 4
        local.get 2
        call $leave-context
      end
    )
    (func $"entry getItem" (;22;) (type 14)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg 2 offset=12
      i32.eqz
      if (result i32) ;; label = @1
        call $restore-globals
        local.get 0
        call 5
        call $save-globals
        i32.const 0
        i32.const 0
        i32.atomic.store 2 offset=12
      else
        call $take-context
        local.tee 1
        i32.eqz
        if ;; label = @2
          unreachable
        end
        local.get 1
        call $enter-context
        local.get 0
        call 5
        local.get 1
        call $leave-context
      end
    )
    (func $enter-call (;23;) (type 8)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg 2 offset=12
      i32.eqz
      if ;; label = @1
        call $restore-globals
        i32.const 0
        return
      end
      call $take-context
      local.tee 0
      i32.eqz
      if ;; label = @1
        unreachable
      end
      local.get 0
      call $enter-context
      local.get 0
    )
    (func $leave-call (;24;) (type 9)
      local.get 0
      if ;; label = @1
        local.get 0
        call $leave-context
      else
        call $save-globals
        i32.const 0
        i32.const 0
        i32.atomic.store 2 offset=12
      end
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
