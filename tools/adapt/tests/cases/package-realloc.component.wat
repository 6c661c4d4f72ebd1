(component
  (core module $state (;0;)
    (table (;0;) shared 1 1 (ref null (shared func)))
    (memory (;0;) 1 16384 shared)
    (memory (;1;) 1 1 shared)
    (memory (;2;) 1 64 shared)
    (export "threads" (table 0))
    (export "memory" (memory 0))
    (export "records" (memory 1))
    (export "contexts" (memory 2))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-set-0]" (;1;) (canon context.set i32 0))
  (core type $thread-start (;0;) (shared (func (param i32))))
  (alias core export $state "threads" (core table $threads (;0;)))
  (core func $"[thread-spawn-indirect-threads]" (;2;) (canon thread.spawn-indirect $thread-start $threads))
  (core instance $root (;1;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (param i32 i32) (result i32))))
    (type (;1;) (shared (func (param i32 i32 i32 i32) (result i32))))
    (type (;2;) (shared (func (param i32))))
    (type (;3;) (shared (func)))
    (type (;4;) (shared (func (result i32))))
    (type (;5;) (shared (func (param i32))))
    (type (;6;) (shared (func (param i32 i32) (result i32))))
    (type (;7;) (shared (func (param i32) (result i32))))
    (type (;8;) (shared (func)))
    (type (;9;) (shared (func (param i32 i32 i32 i32) (result i32))))
    (import "$state" "memory" (memory (;0;) 1 16384 shared))
    (import "$state" "records" (memory (;1;) 1 1 shared))
    (import "$state" "contexts" (memory (;2;) 1 64 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 4)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;1;) (type 5)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;2;) (type 6)))
    (table (;1;) shared 2 2 (ref null (shared func)))
    (export "cabi_realloc" (func $"entry cabi_realloc"))
    (export "_start" (func $"entry _start"))
    (export "weft:export cabi_realloc" (func 3))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
    (start $start)
    (elem (;0;) (table 1) (i32.const 1) func $work)
    (elem (;1;) (table 0) (i32.const 0) func $context-entry)
    (func (;3;) (type 1)
      local.get 3
      i32.const 16
      i32.shr_u
      memory.grow
      i32.const 16
      i32.shl
    )
    (func $work (;4;) (type 2)
      call $"[context-get-0]"
      drop
    )
    (func (;5;) (type 3)
      i32.const 1
      i32.const 0
      call $spawn-in-context
      drop
    )
    (func $spawn-in-context (;6;) (type 6)
      (local i32 i32)
      call $"#func19 take-context"
      local.tee 2
      i32.eqz
      if ;; label = @1
        i32.const 0
        return
      end
      local.get 2
      local.get 0
      i32.store 2 offset=12
      local.get 2
      local.get 1
      i32.store 2 offset=16
      i32.const 0
      local.get 2
      call $"[thread-spawn-indirect-threads]"
      local.tee 3
      i32.eqz
      if ;; label = @1
        local.get 2
        call $leave-context
      end
      local.get 3
    )
    (func $initialize-globals (;7;) (type 8)
      i32.const 65536
      call $"[context-set-0]"
    )
    (func $save-globals (;8;) (type 8)
      i32.const 0
      call $"[context-get-0]"
      i32.store 1
    )
    (func $restore-globals (;9;) (type 8)
      i32.const 0
      i32.load 1
      call $"[context-set-0]"
    )
    (func $leave-context (;10;) (type 5)
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
    (func $enter-context (;11;) (type 5)
      local.get 0
      i32.load 2 offset=4
      call $"[context-set-0]"
    )
    (func $new-context (;12;) (type 4)
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
    (func $list-contexts (;13;) (type 6)
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
    (func $new-block (;14;) (type 4)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 16
      i32.const 131088
      call 3
      local.tee 0
      if (result i32) ;; label = @1
        local.get 0
        i32.const 15
        i32.add
        i32.const -16
        i32.and
      else
        i32.const 0
      end
    )
    (func $add-context (;15;) (type 4)
      (local i32)
      call $new-block
      local.tee 0
      i32.eqz
      if ;; label = @1
        i32.const 0
        return
      end
      local.get 0
      i32.const 1
      call $list-contexts
    )
    (func $"add-context in the first" (;16;) (type 4)
      (local i32)
      i32.const 0
      i32.load 2 offset=16
      i32.eqz
      if ;; label = @1
        i32.const 0
        return
      end
      block ;; label = @1
        loop ;; label = @2
          i32.const 0
          i32.const 0
          i32.const 1
          i32.atomic.rmw.cmpxchg 2 offset=20
          i32.eqz
          br_if 1 (;@1;)
          i32.const 0
          i32.const 1
          i64.const -1
          memory.atomic.wait32 2 offset=20
          drop
          br 0 (;@2;)
        end
      end
      i32.const 1
      local.set 0
      i32.const 0
      i32.atomic.load 2
      i32.eqz
      if ;; label = @1
        i32.const 0
        i32.load 2 offset=16
        call $enter-context
        call $add-context
        local.set 0
      end
      i32.const 0
      i32.const 0
      i32.atomic.store 2 offset=20
      i32.const 0
      i32.const 1
      memory.atomic.notify 2 offset=20
      drop
      local.get 0
    )
    (func $first-context (;17;) (type 8)
      (local i32 i32)
      call $new-block
      local.tee 1
      i32.eqz
      if ;; label = @1
        return
      end
      call $new-context
      local.set 0
      local.get 0
      local.get 1
      i32.store 2 offset=8
      local.get 0
      local.get 1
      i32.const 131072
      i32.add
      i32.store 2 offset=4
      i32.const 0
      local.get 0
      i32.store 2 offset=16
    )
    (func $take-context (;18;) (type 4)
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
        call $"add-context in the first"
        br_if 0 (;@1;)
      end
      i32.const 0
    )
    (func $"#func19 take-context" (@name "take-context") (;19;) (type 4)
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
        call $add-context
        br_if 0 (;@1;)
      end
      i32.const 0
    )
    (func $context-entry (;20;) (type 5)
      call $initialize-globals
      local.get 0
      call $enter-context
      local.get 0
      i32.load 2 offset=16
      local.get 0
      i32.load 2 offset=12
      call_indirect 1 (type 5)
      local.get 0
      call $leave-context
    )
    (func $start (;21;) (type 8)
      call $initialize-globals
      call $first-context
      call $save-globals
    )
    (func $"entry cabi_realloc" (;22;) (type 9)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg 2 offset=12
      i32.eqz
      if (result i32) ;; label = @1
        call $restore-globals
        local.get 0
        local.get 1
        local.get 2
        local.get 3
        call 3
        call $save-globals
        i32.const 0
        i32.const 0
        i32.atomic.store 2 offset=12
      else
        call $take-context
        local.tee 4
        i32.eqz
        if ;; label = @2
          unreachable
        end
        local.get 4
        call $enter-context
        local.get 0
        local.get 1
        local.get 2
        local.get 3
        call 3
        local.get 4
        call $leave-context
      end
    )
    (func $"entry _start" (;23;) (type 4)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg 2 offset=12
      i32.eqz
      if ;; label = @1
        call $restore-globals
        call 5
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
        call 5
        local.get 0
        call $leave-context
      end
      i32.const 0
    )
    (func $enter-call (;24;) (type 4)
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
    (func $leave-call (;25;) (type 5)
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
  (alias core export $main "cabi_realloc" (core func $cabi_realloc (;3;)))
  (type $cabi-realloc (;0;) (func (param "p0" s32) (param "p1" s32) (param "p2" s32) (param "p3" s32) (result s32)))
  (func $cabi-realloc (;0;) (type $cabi-realloc) (canon lift (core func $cabi_realloc)))
  (export (;1;) "cabi-realloc" (func $cabi-realloc))
  (alias core export $main "_start" (core func $_start (;4;)))
  (type $result (;1;) (result))
  (type $run (;2;) (func (result $result)))
  (func $run (;2;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
