(component
  (core module $state (;0;)
    (table (;0;) shared 1 1 (ref null (shared func)))
    (memory (;0;) 1 1 shared)
    (memory (;1;) 1 65536 shared)
    (export "threads" (table 0))
    (export "memory" (memory 0))
    (export "records" (memory 1))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-get-1]" (;1;) (canon context.get i32 1))
  (core func $"[context-set-0]" (;2;) (canon context.set i32 0))
  (core func $"[context-set-1]" (;3;) (canon context.set i32 1))
  (core func $"[thread-index]" (;4;) (canon thread.index))
  (core type $thread-start (;0;) (shared (func (param i32))))
  (alias core export $state "threads" (core table $threads (;0;)))
  (core func $"[thread-spawn-indirect-threads]" (;5;) (canon thread.spawn-indirect $thread-start $threads))
  (core instance $root (;1;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-get-1]" (func $"[context-get-1]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[context-set-1]" (func $"[context-set-1]"))
    (export "[thread-index]" (func $"[thread-index]"))
    (export "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (param i32) (result i32))))
    (type (;1;) (shared (func (param i32 i32))))
    (type (;2;) (shared (func)))
    (type (;3;) (shared (func (result i32))))
    (type (;4;) (shared (func (param i32))))
    (type (;5;) (shared (func (param i32 i32) (result i32))))
    (type (;6;) (shared (func (param i32) (result i32))))
    (type (;7;) (shared (func (result f64))))
    (type (;8;) (shared (func (param f64))))
    (type (;9;) (shared (func (result v128))))
    (type (;10;) (shared (func (param v128))))
    (type (;11;) (shared (func (result i64))))
    (type (;12;) (shared (func (param i64))))
    (type (;13;) (shared (func (result f32))))
    (type (;14;) (shared (func (param f32))))
    (type (;15;) (shared (func)))
    (type (;16;) (func (result i32)))
    (type (;17;) (func (param i32)))
    (import "$state" "memory" (memory (;0;) 1 1 shared))
    (import "$state" "records" (memory (;1;) 1 65536 shared))
    (import "$state" "threads" (table (;0;) shared 1 1 (ref null (shared func))))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 3)))
    (import "$root" "[context-get-1]" (func $"[context-get-1]" (;1;) (type 3)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;2;) (type 4)))
    (import "$root" "[context-set-1]" (func $"[context-set-1]" (;3;) (type 4)))
    (import "$root" "[thread-index]" (func $"[thread-index]" (;4;) (type 3)))
    (import "$root" "[thread-spawn-indirect-threads]" (func $"[thread-spawn-indirect-threads]" (;5;) (type 5)))
    (global $base (;0;) (shared i32) i32.const 100)
    (export "_start" (func $"entry _start"))
    (export "weft:enter" (func $enter-call))
    (export "weft:leave" (func $leave-call))
    (start $start)
    (elem (;0;) (table 0) (i32.const 0) func $thread-entry)
    (func (;6;) (type 1)
      call $"global.get 3"
      i32.const 1
      i32.add
      call $"global.set 3"
      call $"global.get 1"
      f64.const 0x1p+0 (;=1;)
      f64.add
      call $"global.set 1"
    )
    (func (;7;) (type 2)
      call $"global.get 3"
      call $wasi.thread-spawn
      drop
    )
    (func $wasi.thread-spawn (;8;) (type 6)
      (local i32)
      i32.const 0
      local.get 0
      call $"[thread-spawn-indirect-threads]"
      local.tee 1
      i32.const -1
      local.get 1
      select
    )
    (func $"global.get 1" (;9;) (type 7)
      call $"[thread-index]"
      i32.const 64
      i32.mul
      f64.load 1 offset=8
    )
    (func $"global.set 1" (;10;) (type 8)
      call $"[thread-index]"
      i32.const 64
      i32.mul
      local.get 0
      f64.store 1 offset=8
    )
    (func $"global.get 3" (;11;) (type 3)
      call $"[thread-index]"
      i32.const 64
      i32.mul
      i32.load 1 offset=20
    )
    (func $"global.set 3" (;12;) (type 4)
      call $"[thread-index]"
      i32.const 64
      i32.mul
      local.get 0
      i32.store 1 offset=20
    )
    (func $"global.get 5" (;13;) (type 9)
      call $"[thread-index]"
      i32.const 64
      i32.mul
      v128.load 1 offset=32
    )
    (func $"global.set 5" (;14;) (type 10)
      call $"[thread-index]"
      i32.const 64
      i32.mul
      local.get 0
      v128.store 1 offset=32
    )
    (func $"global.get 6" (;15;) (type 11)
      call $"[thread-index]"
      i32.const 64
      i32.mul
      i64.load 1 offset=48
    )
    (func $"global.set 6" (;16;) (type 12)
      call $"[thread-index]"
      i32.const 64
      i32.mul
      local.get 0
      i64.store 1 offset=48
    )
    (func $"global.get 7" (;17;) (type 13)
      call $"[thread-index]"
      i32.const 64
      i32.mul
      f32.load 1 offset=56
    )
    (func $"global.set 7" (;18;) (type 14)
      call $"[thread-index]"
      i32.const 64
      i32.mul
      local.get 0
      f32.store 1 offset=56
    )
    (func $ensure-record (;19;) (type 15)
      (local i64 i64)
      call $"[thread-index]"
      i64.extend_i32_u
      i64.const 1
      i64.add
      i64.const 64
      i64.mul
      i64.const 65535
      i64.add
      i64.const 16
      i64.shr_u
      local.set 0
      local.get 0
      i64.const 65536
      i64.gt_u
      if ;; label = @1
        unreachable
      end
      block ;; label = @1
        loop ;; label = @2
          local.get 0
          memory.size 1
          i64.extend_i32_u
          local.tee 1
          i64.le_u
          br_if 1 (;@1;)
          local.get 0
          local.get 1
          i64.sub
          i32.wrap_i64
          memory.grow 1
          i32.const -1
          i32.ne
          br_if 1 (;@1;)
          memory.size 1
          i64.extend_i32_u
          local.get 1
          i64.eq
          if ;; label = @3
            unreachable
          end
          br 0 (;@2;)
        end
      end
    )
    (func $initialize-globals (;20;) (type 15)
      call $ensure-record
      i32.const 4096
      call $"[context-set-0]"
      f64.const 0x1p-1 (;=0.5;)
      call $"global.set 1"
      i32.const 0
      call $"global.set 3"
      v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000
      call $"global.set 5"
      i64.const -1
      call $"global.set 6"
      f32.const 0x1.8p+0 (;=1.5;)
      call $"global.set 7"
    )
    (func $save-globals (;21;) (type 15)
      i32.const 0
      call $"[context-get-0]"
      i32.store 1
      i32.const 0
      call $"global.get 1"
      f64.store 1 offset=8
      i32.const 0
      call $"[context-get-1]"
      i32.store 1 offset=16
      i32.const 0
      call $"global.get 3"
      i32.store 1 offset=20
      i32.const 0
      call $"global.get 5"
      v128.store 1 offset=32
      i32.const 0
      call $"global.get 6"
      i64.store 1 offset=48
      i32.const 0
      call $"global.get 7"
      f32.store 1 offset=56
    )
    (func $restore-globals (;22;) (type 15)
      call $ensure-record
      i32.const 0
      i32.load 1
      call $"[context-set-0]"
      i32.const 0
      f64.load 1 offset=8
      call $"global.set 1"
      i32.const 0
      i32.load 1 offset=16
      call $"[context-set-1]"
      i32.const 0
      i32.load 1 offset=20
      call $"global.set 3"
      i32.const 0
      v128.load 1 offset=32
      call $"global.set 5"
      i32.const 0
      i64.load 1 offset=48
      call $"global.set 6"
      i32.const 0
      f32.load 1 offset=56
      call $"global.set 7"
    )
    (func $thread-entry (;23;) (type 4)
      call $initialize-globals
      call $"[thread-index]"
      local.get 0
      call 6
    )
    (func $start (;24;) (type 15)
      call $initialize-globals
      call $save-globals
    )
    (func $"entry _start" (;25;) (type 3)
      call $restore-globals
      call 7
      call $save-globals
      i32.const 0
    )
    (func $enter-call (;26;) (type 16) (result i32)
      call $restore-globals
      i32.const 0
    )
    (func $leave-call (;27;) (type 17) (param i32)
      call $save-globals
    )
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "_start" (core func $_start (;6;)))
  (type $result (;0;) (result))
  (type $run (;1;) (func (result $result)))
  (func $run (;0;) (type $run) (canon lift (core func $_start)))
  (instance $run (;0;)
    (export "run" (func $run))
  )
  (export (;1;) "wasi:cli/run@0.2.6" (instance $run))
)
