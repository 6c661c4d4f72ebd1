(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (param i32)))
  (type (;4;) (func (param i32 i32 i32)))
  (type (;5;) (func))
  (type (;6;) (func (param i32 i32) (result i32)))
  (type (;7;) (func (param i32)))
  (type (;8;) (func (result i32)))
  (type (;9;) (func (param i32 i32) (result i32)))
  (type (;10;) (func (result i32)))
  (type (;11;) (func (result i32)))
  (type (;12;) (func (result i64)))
  (type (;13;) (func))
  (type (;14;) (func (param i32)))
  (type (;15;) (func (param i32 i32 i64 i64) (result i32)))
  (type (;16;) (func (param i32 i32 i64) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "memory 1" (memory (;1;) 1 1 shared))
  (import "weft" "trap" (func (;0;) (type 3)))
  (import "weft" "thread.spawn-indirect" (func $spawn (;1;) (type 9)))
  (import "weft" "wait32 0" (func (;2;) (type 15)))
  (import "weft" "notify 0" (func (;3;) (type 16)))
  (table (;0;) 1 1 funcref)
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 1)
  (global (;2;) (mut i32) i32.const 1)
  (global (;3;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 3))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:may-leave" (global 1))
  (export "weft:table-1-0" (table 0))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:start-i32" (func $weft:start-i32))
  (elem (;0;) (table 0) (i32.const 0) func $thread)
  (func (;4;) (type 1) (result i32)
    global.get 0
    i32.const 1
    i32.add
    global.set 0
    global.get 0
  )
  (func (;5;) (type 0) (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add
  )
  (func $count (;6;) (type 2) (result i32)
    (local i32 i32 i32 i32)
    block (result i32) ;; label = @1
      block ;; label = @2
        try_table (result i32) (catch_all 0 (;@2;)) ;; label = @3
          block ;; label = @4
            global.get 1
            local.tee 0
            br_if 0 (;@4;)
            i32.const 23
            call 0
            unreachable
          end
          global.get 2
          local.set 1
          i32.const 0
          global.set 2
          i32.const 2
          i32.const 0
          i32.const 1
          drop
          drop
          drop
          global.get 3
          local.set 3
          i32.const 0
          global.set 3
          global.get 1
          local.set 2
          i32.const 0
          global.set 1
          local.get 2
          global.set 1
          call 4
          local.set 2
          local.get 3
          global.set 3
          i32.const 0
          global.set 1
          local.get 2
          local.get 0
          global.set 1
          local.get 1
          global.set 2
        end
        br 1 (;@1;)
      end
      i32.const 49
      call 0
      unreachable
    end
  )
  (func $add (;7;) (type 6) (param i32 i32) (result i32)
    (local i32 i32 i32 i32)
    block (result i32) ;; label = @1
      block ;; label = @2
        try_table (result i32) (catch_all 0 (;@2;)) ;; label = @3
          block ;; label = @4
            global.get 1
            local.tee 2
            br_if 0 (;@4;)
            i32.const 23
            call 0
            unreachable
          end
          global.get 2
          local.set 3
          i32.const 0
          global.set 2
          i32.const 2
          i32.const 0
          i32.const 1
          drop
          drop
          drop
          global.get 3
          local.set 5
          i32.const 0
          global.set 3
          global.get 1
          local.set 4
          i32.const 0
          global.set 1
          local.get 0
          local.get 1
          local.get 4
          global.set 1
          call 5
          local.set 4
          local.get 5
          global.set 3
          i32.const 0
          global.set 1
          local.get 4
          local.get 2
          global.set 1
          local.get 3
          global.set 2
        end
        br 1 (;@1;)
      end
      i32.const 49
      call 0
      unreachable
    end
  )
  (func $thread (;8;) (type 7) (param i32)
    (local i32 i32)
    i32.const 5
    global.set 3
    i32.const 8
    local.get 0
    global.get 3
    call $add
    i32.store
    i32.const 0
    i32.const 1
    i32.atomic.store
    i32.const 0
    i32.const 1
    local.set 2
    local.tee 1
    i32.atomic.load
    drop
    local.get 1
    i32.const 4
    i32.shl
    i32.const 65472
    i32.and
    i32.atomic.load 1
    if (result i32) ;; label = @1
      local.get 1
      local.get 2
      i64.const 0
      call 3
    else
      i32.const 0
    end
    drop
  )
  (func (;9;) (type 10) (result i32)
    call $count
    drop
    i32.const 0
    i32.const 37
    call $spawn
    drop
    i32.const 0
    i32.const 0
    i64.const -1
    i64.const 0
    call 2
    drop
    call $count
    i32.const 100
    i32.mul
    i32.const 8
    i32.load
    i32.add
  )
  (func $"weft:lift 0" (;10;) (type 12) (result i64)
    call 9
    i64.extend_i32_u
  )
  (func $weft:initialize (;11;) (type 13))
  (func $weft:start-i32 (;12;) (type 14) (param i32)
    unreachable
  )
)
