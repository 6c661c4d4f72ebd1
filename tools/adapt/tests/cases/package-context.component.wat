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
  (core func $"[context-get-1]" (;1;) (canon context.get i32 1))
  (core func $"[context-set-0]" (;2;) (canon context.set i32 0))
  (core func $"[context-set-1]" (;3;) (canon context.set i32 1))
  (core instance $root (;1;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-get-1]" (func $"[context-get-1]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[context-set-1]" (func $"[context-set-1]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (result i32))))
    (type (;1;) (shared (func (param i32))))
    (type (;2;) (shared (func (result i32))))
    (type (;3;) (shared (func (param i32))))
    (type (;4;) (shared (func (param i32) (result i32))))
    (type (;5;) (shared (func)))
    (type (;6;) (shared (func (param i32 i32) (result i32))))
    (import "$state" "memory" (memory (;0;) 1 65536 shared))
    (import "$state" "records" (memory (;1;) 1 1 shared))
    (import "$state" "contexts" (memory (;2;) 1 64 shared))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 2)))
    (import "$root" "[context-get-1]" (func $"[context-get-1]" (;1;) (type 2)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;2;) (type 3)))
    (import "$root" "[context-set-1]" (func $"[context-set-1]" (;3;) (type 3)))
    (export "count" (func $"entry count"))
    (export "weft:export count" (func 4))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
    (start $start)
    (func (;4;) (type 0)
      call $"[context-get-1]"
      i32.const 1
      i32.add
      call $"[context-set-1]"
      call $"[context-get-0]"
      call $"[context-get-1]"
      i32.add
    )
    (func $initialize-globals (;5;) (type 5)
      i32.const 65536
      call $"[context-set-0]"
    )
    (func $save-globals (;6;) (type 5)
      i32.const 0
      call $"[context-get-0]"
      i32.store 1
    )
    (func $restore-globals (;7;) (type 5)
      i32.const 0
      i32.load 1
      call $"[context-set-0]"
    )
    (func $leave-context (;8;) (type 3)
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
    (func $enter-context (;9;) (type 3)
      local.get 0
      i32.load 2 offset=4
      call $"[context-set-0]"
    )
    (func $new-context (;10;) (type 2)
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
    (func $list-contexts (;11;) (type 6)
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
    (func $add-contexts (;12;) (type 2)
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
        call $add-contexts
        br_if 0 (;@1;)
      end
      i32.const 0
    )
    (func $start (;14;) (type 5)
      call $initialize-globals
      call $save-globals
    )
    (func $"entry count" (;15;) (type 2)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg 2 offset=12
      i32.eqz
      if (result i32) ;; label = @1
        call $restore-globals
        call 4
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
        call 4
        local.get 0
        call $leave-context
      end
    )
    (func $enter-call (;16;) (type 2)
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
    (func $leave-call (;17;) (type 3)
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
  (alias core export $main "count" (core func $count (;4;)))
  (type $count (;0;) (func (result s32)))
  (func $count (;0;) (type $count) (canon lift (core func $count)))
  (export (;1;) "count" (func $count))
)
