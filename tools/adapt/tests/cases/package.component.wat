(component
  (core module $state (;0;)
    (table (;0;) shared 1 1 (ref null (shared func)))
    (memory (;0;) 1 16384 shared)
    (memory (;1;) 1 64 shared)
    (export "threads" (table 0))
    (export "memory" (memory 0))
    (export "contexts" (memory 1))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-set-0]" (;1;) (canon context.set i32 0))
  (core func $"[thread-index]" (;2;) (canon thread.index))
  (core func $"[thread-available-parallelism]" (;3;) (canon thread.available_parallelism))
  (core type $thread-start (;0;) (shared (func (param i32))))
  (alias core export $state "threads" (core table $threads (;0;)))
  (core func $"[thread-spawn-indirect-threads]" (;4;) (canon thread.spawn-indirect $thread-start $threads))
  (alias core export $state "threads" (core table $"#core-table1 threads" (@name "threads") (;1;)))
  (core func $"[thread-new-indirect-threads]" (;5;) (canon thread.new-indirect $thread-start $"#core-table1 threads"))
  (core func $"[thread-resume-later]" (;6;) (canon thread.resume-later))
  (core func $"[thread-suspend]" (;7;) (canon thread.suspend))
  (core func $"[cancellable][thread-yield-then-resume]" (;8;) (canon thread.yield-then-resume cancellable))
  (core instance $root (;1;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[thread-index]" (func $"[thread-index]"))
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
    (export "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]"))
    (export "[thread-new-indirect-threads]" (func $"[thread-new-indirect-threads]"))
    (export "[thread-resume-later]" (func $"[thread-resume-later]"))
    (export "[thread-suspend]" (func $"[thread-suspend]"))
    (export "[cancellable][thread-yield-then-resume]" (func $"[cancellable][thread-yield-then-resume]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (param i32 i32) (result i32))))
    (type (;1;) (shared (func (result i32))))
    (type (;2;) (shared (func (param i32))))
    (type (;3;) (shared (func (param i32) (result i32))))
    (type (;4;) (shared (func)))
    (type (;5;) (shared (func (result i32))))
    (type (;6;) (shared (func (param i32))))
    (type (;7;) (shared (func (param i32 i32) (result i32))))
    (type (;8;) (shared (func (param i32) (result i32))))
    (type (;9;) (shared (func)))
    (import "$state" "memory" (memory (;0;) 1 16384 shared))
    (import "$state" "contexts" (memory (;1;) 1 64 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 5)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;1;) (type 6)))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;2;) (type 5)))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;3;) (type 5)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;4;) (type 7)))
    (import "$root" "[thread-new-indirect-threads]" (func $"[thread-new-indirect-threads]" (;5;) (type 7)))
    (import "$root" "[thread-resume-later]" (func $"[thread-resume-later]" (;6;) (type 6)))
    (import "$root" "[thread-suspend]" (func $"[thread-suspend]" (;7;) (type 5)))
    (import "$root" "[cancellable][thread-yield-then-resume]" (func $"[cancellable][thread-yield-then-resume]" (;8;) (type 8)))
    (table (;1;) shared 2 2 (ref null (shared func)))
    (export "_start" (func $"entry _start"))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
    (elem (;0;) (table 1) (i32.const 1) func $work)
    (elem (;1;) (table 0) (i32.const 0) func $context-entry)
    (func $work (;9;) (type 2)
      call $"[context-get-0]"
      drop
      call $"[thread-suspend]"
      drop
    )
    (func (;10;) (type 4)
      i32.const 1
      call $"[thread-available-parallelism]"
      call $spawn-in-context
      drop
      i32.const 1
      call $"[thread-index]"
      call $new-in-context
      call $"[thread-resume-later]"
      call $"[thread-index]"
      call $"[cancellable][thread-yield-then-resume]"
      drop
    )
    (func $spawn-in-context (;11;) (type 7)
      (local i32 i32)
      call $take-context
      local.tee 2
      i32.eqz
      if ;; label = @1
        i32.const 0
        return
      end
      local.get 2
      local.get 0
      i32.store 1 offset=12
      local.get 2
      local.get 1
      i32.store 1 offset=16
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
    (func $new-in-context (;12;) (type 7)
      (local i32 i32)
      call $take-context
      local.tee 2
      i32.eqz
      if ;; label = @1
        i32.const 0
        return
      end
      local.get 2
      local.get 0
      i32.store 1 offset=12
      local.get 2
      local.get 1
      i32.store 1 offset=16
      i32.const 0
      local.get 2
      call $"[thread-new-indirect-threads]"
      local.tee 3
      i32.eqz
      if ;; label = @1
        local.get 2
        call $leave-context
      end
      local.get 3
    )
    (func $initialize-globals (;13;) (type 9)
      i32.const 65536
      call $"[context-set-0]"
    )
    (func $leave-context (;14;) (type 6)
      (local i64)
      loop ;; label = @1
        local.get 0
        i32.const 0
        i64.atomic.load 1
        local.tee 1
        i32.wrap_i64
        i32.store 1
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
        i64.atomic.rmw.cmpxchg 1
        local.get 1
        i64.ne
        br_if 0 (;@1;)
      end
    )
    (func $enter-context (;15;) (type 6)
      local.get 0
      i32.load 1 offset=4
      call $"[context-set-0]"
    )
    (func $new-context (;16;) (type 5)
      (local i32)
      i32.const 0
      i32.const 32
      i32.atomic.rmw.add 1 offset=8
      i32.const 32
      i32.add
      local.set 0
      block ;; label = @1
        loop ;; label = @2
          local.get 0
          i32.const 16
          i32.shr_u
          memory.size 1
          i32.lt_u
          br_if 1 (;@1;)
          i32.const 1
          memory.grow 1
          drop
          memory.size 1
          i32.const 64
          i32.lt_u
          br_if 0 (;@2;)
          local.get 0
          i32.const 16
          i32.shr_u
          memory.size 1
          i32.lt_u
          br_if 1 (;@1;)
          i32.const 0
          return
        end
      end
      local.get 0
    )
    (func $list-contexts (;17;) (type 7)
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
        i32.store 1 offset=8
        local.get 2
        local.get 0
        i32.const 131072
        i32.add
        i32.store 1 offset=4
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
    (func $add-contexts (;18;) (type 5)
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
    (func $take-context (;19;) (type 5)
      (local i64 i32)
      loop ;; label = @1
        i32.const 0
        i64.atomic.load 1
        local.tee 0
        i32.wrap_i64
        local.tee 1
        if ;; label = @2
          i32.const 0
          local.get 0
          local.get 1
          i32.load 1
          i64.extend_i32_u
          local.get 0
          i64.const 4294967296
          i64.add
          i64.const -4294967296
          i64.and
          i64.or
          i64.atomic.rmw.cmpxchg 1
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
    (func $context-entry (;20;) (type 6)
      call $initialize-globals
      local.get 0
      call $enter-context
      local.get 0
      i32.load 1 offset=16
      local.get 0
      i32.load 1 offset=12
      call_indirect 1 (type 6)
      local.get 0
      call $leave-context
    )
    (func $"entry _start" (;21;) (type 5)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg 1 offset=12
      i32.eqz
      if ;; label = @1
        call $initialize-globals
        call 10
        i32.const 0
        i32.const 0
        i32.atomic.store 1 offset=12
      else
        call $take-context
        local.tee 0
        i32.eqz
        if ;; label = @2
          unreachable
        end
        local.get 0
        call $enter-context
        call 10
        local.get 0
        call $leave-context
      end
      i32.const 0
    )
    (func $enter-call (;22;) (type 5)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg 1 offset=12
      i32.eqz
      if ;; label = @1
        call $initialize-globals
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
    (func $leave-call (;23;) (type 6)
      local.get 0
      if ;; label = @1
        local.get 0
        call $leave-context
      else
        i32.const 0
        i32.const 0
        i32.atomic.store 1 offset=12
      end
    )
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_start" (core func $_start (;9;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
