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
  (alias core export $state "memory" (core memory $memory (;0;)))
  (core instance $host-env (;1;)
    (export "memory" (memory $memory))
  )
  (core type $wasi-snapshot-preview1 (;0;)
    (module
      (import "env" "memory" (memory 1 16384 shared))
      (type (;0;) (shared (func (result i32))))
      (export "sched_yield" (func (type 0)))
    )
  )
  (import "wasi-snapshot-preview1" (core module $wasi-snapshot-preview1 (;1;) (type $wasi-snapshot-preview1)))
  (core instance $wasi-snapshot-preview1 (;2;) (instantiate $wasi-snapshot-preview1
      (with "env" (instance $host-env))
    )
  )
  (core type $my-host (;1;)
    (module
      (import "env" "memory" (memory 1 16384 shared))
      (type (;0;) (shared (func (param i32))))
      (export "log" (func (type 0)))
    )
  )
  (import "my-host" (core module $my-host (;2;) (type $my-host)))
  (core instance $my-host (;3;) (instantiate $my-host
      (with "env" (instance $host-env))
    )
  )
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-get-1]" (;1;) (canon context.get i32 1))
  (core func $"[context-set-0]" (;2;) (canon context.set i32 0))
  (core func $"[context-set-1]" (;3;) (canon context.set i32 1))
  (core func $"[thread-index]" (;4;) (canon thread.index))
  (core func $"[thread-available-parallelism]" (;5;) (canon thread.available_parallelism))
  (core type $thread-start (;2;) (shared (func (param i32))))
  (alias core export $state "threads" (core table $threads (;0;)))
  (core func $"[thread-spawn-indirect-threads]" (;6;) (canon thread.spawn-indirect $thread-start $threads))
  (core module $early (;3;)
    (type (;0;) (shared (func (param i32 i32 i32 i32) (result i32))))
    (type (;1;) (shared (func (param i32))))
    (table (;0;) shared 2 2 (ref null (shared func)))
    (export "table" (table 0))
    (export "cabi_realloc" (func 0))
    (export "test:adapt/shapes@1.0.0#[dtor]circle" (func 1))
    (func (;0;) (type 0)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      i32.const 0
      call_indirect (type 0)
    )
    (func (;1;) (type 1)
      local.get 0
      i32.const 1
      call_indirect (type 1)
    )
  )
  (core instance $early (;4;) (instantiate $early))
  (type (;0;)
    (instance
      (type (;0;) (func (param "name" string) (result string)))
      (export (;0;) "title" (func (type 0)))
    )
  )
  (import "test:adapt/people@1.0.0" (instance (;0;) (type 0)))
  (type (;1;)
    (instance
      (type (;0;) (func (result u64)))
      (export (;0;) "now" (func (type 0)))
    )
  )
  (import "plain" (instance (;1;) (type 1)))
  (type (;2;) (func (param "text" string)))
  (import "shout" (func (;0;) (type 2)))
  (alias core export $early "test:adapt/shapes@1.0.0#[dtor]circle" (core func $"test:adapt/shapes@1.0.0#[dtor]circle" (;7;)))
  (type (;3;) (resource (rep i32) (dtor $"test:adapt/shapes@1.0.0#[dtor]circle")))
  (alias export 1 "now" (func (;1;)))
  (alias core export $state "memory" (core memory $"#core-memory1 memory" (@name "memory") (;1;)))
  (core func (;8;) (canon lower (func 1)))
  (core func (;9;) (canon resource.new 3))
  (core func (;10;) (canon resource.drop 3))
  (core func (;11;) (canon lower (func 0) (memory $"#core-memory1 memory") string-encoding=utf8))
  (alias export 0 "title" (func (;2;)))
  (alias core export $early "cabi_realloc" (core func $cabi_realloc (;12;)))
  (core func (;13;) (canon lower (func 2) (memory $"#core-memory1 memory") (realloc $cabi_realloc) string-encoding=utf8))
  (type (;4;) (func (param "name" string) (result string)))
  (core instance $$root (;5;)
    (export "shout" (func 11))
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-get-1]" (func $"[context-get-1]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[context-set-1]" (func $"[context-set-1]"))
    (export "[thread-index]" (func $"[thread-index]"))
    (export "[thread-available-parallelism]" (func $"[thread-available-parallelism]"))
    (export "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]"))
  )
  (core instance $"[export]test:adapt/shapes@1.0.0" (;6;)
    (export "[resource-new]circle" (func 9))
    (export "[resource-drop]circle" (func 10))
  )
  (core instance $plain (;7;)
    (export "now" (func 8))
  )
  (core instance $test:adapt/people@1.0.0 (;8;)
    (export "title" (func 13))
  )
  (core module $main (;4;)
    (type $realloc (;0;) (shared (func (param i32 i32 i32 i32) (result i32))))
    (type (;1;) (shared (func (param i32) (result i32))))
    (type (;2;) (shared (func (result i32))))
    (type (;3;) (shared (func (param i32))))
    (type (;4;) (shared (func (param i32 i32))))
    (type (;5;) (shared (func (param i32 i32 i32))))
    (type (;6;) (shared (func (result i64))))
    (type (;7;) (shared (func)))
    (type (;8;) (shared (func (param i32 i32) (result i32))))
    (type (;9;) (shared (func (param i32) (result i64))))
    (type (;10;) (shared (func (result i32))))
    (type (;11;) (shared (func (param i32))))
    (type (;12;) (shared (func (param i32 i32) (result i32))))
    (type (;13;) (shared (func (param i32) (result i32))))
    (type (;14;) (shared (func)))
    (type (;15;) (shared (func (param i32 i32 i32 i32) (result i32))))
    (type (;16;) (func (param i32 i32) (result i32)))
    (type (;17;) (func (param i32)))
    (type (;18;) (func (param i32) (result i32)))
    (type (;19;) (func (param i32) (result i64)))
    (import "$state" "memory" (memory (;0;) 1 16384 shared))
    (import "$state" "records" (memory (;1;) 1 1 shared))
    (import "$state" "contexts" (memory (;2;) 1 64 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "wasi_snapshot_preview1" "sched_yield" (func $yield (;0;) (type 2)))
    (import "my_host" "log" (func $log (;1;) (type 3)))
    (import "$root" "shout" (func $shout (;2;) (type 4)))
    (import "test:adapt/people@1.0.0" "title" (func $title (;3;) (type 5)))
    (import "plain" "now" (func $now (;4;) (type 6)))
    (import "[export]test:adapt/shapes@1.0.0" "[resource-new]circle" (func $new (;5;) (type 1)))
    (import "[export]test:adapt/shapes@1.0.0" "[resource-drop]circle" (func $drop (;6;) (type 3)))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;7;) (type 10)))
    (import "$root" "[context-get-1]" (func $"[context-get-1]" (;8;) (type 10)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;9;) (type 11)))
    (import "$root" "[context-set-1]" (func $"[context-set-1]" (;10;) (type 11)))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;11;) (type 10)))
    (import "$root" "[thread-available-parallelism]" (func $"[thread-available-parallelism]" (;12;) (type 10)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;13;) (type 12)))
    (export "_initialize" (func $"entry _initialize"))
    (export "cabi_realloc" (func $"callee cabi_realloc"))
    (export "greet" (func $"entry greet"))
    (export "cabi_post_greet" (func $"entry cabi_post_greet"))
    (export "test:adapt/shapes@1.0.0#[constructor]circle" (func $"entry test:adapt/shapes@1.0.0#[constructor]circle"))
    (export "test:adapt/shapes@1.0.0#[method]circle.area" (func $"entry test:adapt/shapes@1.0.0#[method]circle.area"))
    (export "test:adapt/shapes@1.0.0#[dtor]circle" (func $"callee test:adapt/shapes@1.0.0#[dtor]circle"))
    (start $start)
    (elem (;0;) (table 0) (i32.const 0) func $thread-entry)
    (func (;14;) (type 3)
      local.get 0
      call $"[context-set-1]"
      local.get 0
      i32.const 0
      i32.const 6
      memory.init $tls
    )
    (func (;15;) (type 7))
    (func (;16;) (type 4))
    (func (;17;) (type $realloc)
      call $"[context-get-1]"
      drop
      call $"[context-get-0]"
    )
    (func (;18;) (type 8)
      local.get 0
      local.get 1
      call $shout
      local.get 0
      local.get 1
      i32.const 16
      call $title
      call $"[thread-available-parallelism]"
      call $log
      call $yield
      drop
      call $now
      drop
      i32.const 0
      call $wasi.thread-spawn
      drop
      i32.const 16
    )
    (func (;19;) (type 3))
    (func (;20;) (type 1)
      local.get 0
      call $new
    )
    (func (;21;) (type 9)
      local.get 0
      i64.extend_i32_u
    )
    (func (;22;) (type 3)
      call $"[context-get-0]"
      drop
    )
    (func (;23;) (type 1)
      local.get 0
    )
    (func $wasi.thread-spawn (;24;) (type 13)
      (local i32)
      i32.const 0
      local.get 0
      call $"[thread-spawn-indirect-threads]"
      local.tee 1
      i32.const -1
      local.get 1
      select
    )
    (func $initialize-globals (;25;) (type 14)
      i32.const 65536
      call $"[context-set-0]"
    )
    (func $save-globals (;26;) (type 14)
      i32.const 0
      call $"[context-get-0]"
      i32.store 1
      i32.const 0
      call $"[context-get-1]"
      i32.store 1 offset=4
    )
    (func $restore-globals (;27;) (type 14)
      i32.const 0
      i32.load 1
      call $"[context-set-0]"
      i32.const 0
      i32.load 1 offset=4
      call $"[context-set-1]"
    )
    (func $thread-entry (;28;) (type 11)
      call $initialize-globals
      call $"[thread-index]"
      local.get 0
      call 16
    )
    (func $leave-context (;29;) (type 11)
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
    (func $enter-context (;30;) (type 11)
      local.get 0
      i32.load 2 offset=4
      call $"[context-set-0]"
      local.get 0
      i32.load 2 offset=8
      call 14
    )
    (func $new-context (;31;) (type 10)
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
    (func $list-contexts (;32;) (type 12)
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
        i32.const 196608
        i32.add
        i32.store 2 offset=4
        local.get 2
        call $leave-context
        local.get 0
        i32.const 196608
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
    (func $new-block (;33;) (type 10)
      (local i32)
      i32.const 200704
      call 23
      local.tee 0
      if (result i32) ;; label = @1
        local.get 0
        i32.const 4095
        i32.add
        i32.const -4096
        i32.and
      else
        i32.const 0
      end
    )
    (func $add-context (;34;) (type 10)
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
    (func $"add-context in the first" (;35;) (type 10)
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
    (func $first-context (;36;) (type 14)
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
      i32.const 196608
      i32.add
      i32.store 2 offset=4
      i32.const 0
      local.get 0
      i32.store 2 offset=16
    )
    (func $take-context (;37;) (type 10)
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
    (func $"#func38 take-context" (@name "take-context") (;38;) (type 10)
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
    (func $start (;39;) (type 14)
      call $initialize-globals
      call $first-context
      call $save-globals
    )
    (func $"entry _initialize" (;40;) (type 7)
      call $restore-globals
      call 15
      call $save-globals
    )
    (func $"callee cabi_realloc" (;41;) (type 15)
      (local i32)
      call $take-context
      local.tee 4
      i32.eqz
      if ;; label = @1
        unreachable
      end
      local.get 4
      call $enter-context
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      call 17
      local.get 4
      call $leave-context
    )
    (func $"entry greet" (;42;) (type 16) (param i32 i32) (result i32)
      call $restore-globals
      local.get 0
      local.get 1
      call 18
      call $save-globals
    )
    (func $"entry cabi_post_greet" (;43;) (type 17) (param i32)
      call $restore-globals
      local.get 0
      call 19
      call $save-globals
    )
    (func $"entry test:adapt/shapes@1.0.0#[constructor]circle" (;44;) (type 18) (param i32) (result i32)
      call $restore-globals
      local.get 0
      call 20
      call $save-globals
    )
    (func $"entry test:adapt/shapes@1.0.0#[method]circle.area" (;45;) (type 19) (param i32) (result i64)
      call $restore-globals
      local.get 0
      call 21
      call $save-globals
    )
    (func $"callee test:adapt/shapes@1.0.0#[dtor]circle" (;46;) (type 11)
      (local i32)
      call $take-context
      local.tee 1
      i32.eqz
      if ;; label = @1
        unreachable
      end
      local.get 1
      call $enter-context
      local.get 0
      call 22
      local.get 1
      call $leave-context
    )
    (data $tls (;0;) "thread")
  )
  (core instance $main (;9;) (instantiate $main
      (with "$state" (instance $state))
      (with "wasi_snapshot_preview1" (instance $wasi-snapshot-preview1))
      (with "my_host" (instance $my-host))
      (with "$root" (instance $$root))
      (with "[export]test:adapt/shapes@1.0.0" (instance $"[export]test:adapt/shapes@1.0.0"))
      (with "plain" (instance $plain))
      (with "test:adapt/people@1.0.0" (instance $test:adapt/people@1.0.0))
    )
  )
  (core module $late (;5;)
    (type (;0;) (shared (func (param i32 i32 i32 i32) (result i32))))
    (type (;1;) (shared (func (param i32))))
    (type (;2;) (shared (func)))
    (import "early" "table" (table (;0;) shared 2 2 (ref null (shared func))))
    (import "main" "cabi_realloc" (func (;0;) (type 0)))
    (import "main" "test:adapt/shapes@1.0.0#[dtor]circle" (func (;1;) (type 1)))
    (import "main" "_initialize" (func (;2;) (type 2)))
    (start 2)
    (elem (;0;) (table 0) (i32.const 0) func 0 1)
  )
  (core instance $late (;10;) (instantiate $late
      (with "main" (instance $main))
      (with "early" (instance $early))
    )
  )
  (alias core export $main "greet" (core func $greet (;14;)))
  (alias core export $main "cabi_realloc" (core func $"#core-func15 cabi_realloc" (@name "cabi_realloc") (;15;)))
  (alias core export $main "cabi_post_greet" (core func $cabi_post_greet (;16;)))
  (func (;3;) (type 4) (canon lift (core func $greet) (memory $"#core-memory1 memory") (realloc $"#core-func15 cabi_realloc") string-encoding=utf8 (post-return $cabi_post_greet)))
  (export (;4;) "greet" (func 3))
  (type (;5;) (own 3))
  (type (;6;) (func (param "radius" u32) (result 5)))
  (alias core export $main "test:adapt/shapes@1.0.0#[constructor]circle" (core func $"test:adapt/shapes@1.0.0#[constructor]circle" (;17;)))
  (func (;5;) (type 6) (canon lift (core func $"test:adapt/shapes@1.0.0#[constructor]circle")))
  (type (;7;) (borrow 3))
  (type (;8;) (func (param "self" 7) (result u64)))
  (alias core export $main "test:adapt/shapes@1.0.0#[method]circle.area" (core func $"test:adapt/shapes@1.0.0#[method]circle.area" (;18;)))
  (func (;6;) (type 8) (canon lift (core func $"test:adapt/shapes@1.0.0#[method]circle.area")))
  (component (;0;)
    (import "import-type-circle" (type (;0;) (sub resource)))
    (type (;1;) (own 0))
    (type (;2;) (func (param "radius" u32) (result 1)))
    (import "import-constructor-circle" (func (;0;) (type 2)))
    (type (;3;) (borrow 0))
    (type (;4;) (func (param "self" 3) (result u64)))
    (import "import-method-circle-area" (func (;1;) (type 4)))
    (export (;5;) "circle" (type 0))
    (type (;6;) (own 5))
    (type (;7;) (func (param "radius" u32) (result 6)))
    (export (;2;) "[constructor]circle" (func 0) (func (type 7)))
    (type (;8;) (borrow 5))
    (type (;9;) (func (param "self" 8) (result u64)))
    (export (;3;) "[method]circle.area" (func 1) (func (type 9)))
  )
  (instance (;2;) (instantiate 0
      (with "import-constructor-circle" (func 5))
      (with "import-method-circle-area" (func 6))
      (with "import-type-circle" (type 3))
    )
  )
  (export (;3;) "test:adapt/shapes@1.0.0" (instance 2))
)
