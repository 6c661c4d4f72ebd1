(component
  (core module $state (;0;)
    (memory (;0;) 2 16 shared)
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
    (type (;1;) (shared (func (param i32) (result i32))))
    (type (;2;) (shared (func (result i32))))
    (type (;3;) (shared (func (param i32))))
    (type (;4;) (shared (func (param i32) (result i32))))
    (type (;5;) (shared (func)))
    (type (;6;) (shared (func (param i32 i32) (result i32))))
    (import "$state" "memory" (memory (;0;) 2 16 shared))
    (import "$state" "records" (memory (;1;) 1 1 shared))
    (import "$state" "contexts" (memory (;2;) 1 64 shared))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 2)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;1;) (type 3)))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;2;) (type 2)))
    (export "allocate" (func $"entry allocate"))
    (export "weft:export allocate" (func 3))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
    (start $start)
    (func (;3;) (type 1)
      call $"[context-get-0]"
      drop
      call $"[thread-available-parallelism]"
      drop
      local.get 0
      memory.grow
    )
    (func $initialize-globals (;4;) (type 5)
      i32.const 65536
      call $"[context-set-0]"
    )
    (func $save-globals (;5;) (type 5)
      i32.const 0
      call $"[context-get-0]"
      i32.store 1
    )
    (func $restore-globals (;6;) (type 5)
      i32.const 0
      i32.load 1
      call $"[context-set-0]"
    )
    (func $leave-context (;7;) (type 3)
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
      i32.const 0
      i32.const 1
      memory.atomic.notify 2
      drop
    )
    (func $enter-context (;8;) (type 3)
      local.get 0
      i32.load 2 offset=4
      call $"[context-set-0]"
    )
    (func $new-context (;9;) (type 2)
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
    (func $list-contexts (;10;) (type 6)
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
    (func $add-contexts (;11;) (type 2)
      (local i32)
      i32.const 14
      memory.grow
      local.tee 0
      i32.const -1
      i32.ne
      if ;; label = @1
        local.get 0
        i32.const 16
        i32.shl
        i32.const 7
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
    (func $reserve-contexts (;12;) (type 5)
      call $add-contexts
      drop
    )
    (func $take-context (;13;) (type 2)
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
      end
      i32.const 0
    )
    (func $await-context (;14;) (type 2)
      (local i32)
      loop ;; label = @1
        call $take-context
        local.tee 0
        if ;; label = @2
          local.get 0
          return
        end
        i32.const 0
        i32.const 0
        i64.const -1
        memory.atomic.wait32 2
        drop
        br 0 (;@1;)
      end
      unreachable
    )
    (func $start (;15;) (type 5)
      call $initialize-globals
      call $reserve-contexts
      call $save-globals
    )
    (func $"entry allocate" (;16;) (type 4)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg 2 offset=12
      i32.eqz
      if (result i32) ;; label = @1
        call $restore-globals
        local.get 0
        call 3
        call $save-globals
        i32.const 0
        i32.const 0
        i32.atomic.store 2 offset=12
      else
        call $await-context
        local.tee 1
        i32.eqz
        if ;; label = @2
          unreachable
        end
        local.get 1
        call $enter-context
        local.get 0
        call 3
        local.get 1
        call $leave-context
      end
    )
    (func $enter-call (;17;) (type 2)
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
      call $await-context
      local.tee 0
      i32.eqz
      if ;; label = @1
        unreachable
      end
      local.get 0
      call $enter-context
      local.get 0
    )
    (func $leave-call (;18;) (type 3)
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
  (alias core export $main "allocate" (core func $allocate (;3;)))
  (type $allocate (;0;) (func (param "p0" s32) (result s32)))
  (func $allocate (;0;) (type $allocate) (canon lift (core func $allocate)))
  (export (;1;) "allocate" (func $allocate))
)
