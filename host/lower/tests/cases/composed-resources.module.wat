(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func (param i32) (result i32)))
  (type (;4;) (func (param i32)))
  (type (;5;) (func (param i32 i32 i32)))
  (type (;6;) (func (param i32 i32 i32) (result i32)))
  (type (;7;) (func))
  (type (;8;) (func (param i32) (result i64)))
  (type (;9;) (func (param i32 i32 i32)))
  (type (;10;) (func (param i32)))
  (type (;11;) (func))
  (type (;12;) (func (param i32) (result i32)))
  (type (;13;) (func (param i32)))
  (type (;14;) (func (param i32) (result i32)))
  (type (;15;) (func (param i32)))
  (type (;16;) (func (param i32 i32 i32)))
  (type (;17;) (func (param i32 i32 i32) (result i32)))
  (type (;18;) (func))
  (type (;19;) (func (param i32) (result i64)))
  (type (;20;) (func (param i32 i32 i32)))
  (type (;21;) (func (param i32)))
  (type (;22;) (func))
  (type (;23;) (func (param i32)))
  (type (;24;) (func (param i32) (result i32)))
  (type (;25;) (func (param i32 i32) (result i32)))
  (type (;26;) (func (result i32)))
  (type (;27;) (func (result i64)))
  (type (;28;) (func (param i32) (result i32)))
  (type (;29;) (func (param i64) (result i64)))
  (type (;30;) (func))
  (type (;31;) (func (param i32)))
  (type (;32;) (func (param i32 i32 i64 i64) (result i32)))
  (type (;33;) (func (param i32 i32 i64) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "memory 1" (memory (;1;) 1 1 shared))
  (import "weft" "memory 2" (memory (;2;) 1 1 shared))
  (import "weft" "resource.new 0" (func $new (;0;) (type 2)))
  (import "weft" "trap" (func (;1;) (type 4)))
  (import "weft" "transfer-borrow" (func (;2;) (type 6)))
  (import "weft" "transfer-own" (func (;3;) (type 6)))
  (import "weft" "resource.remove 2" (func (;4;) (type 8)))
  (import "weft" "trap 2" (func (;5;) (type 10)))
  (import "weft" "trap 3" (func (;6;) (type 15)))
  (import "weft" "transfer-borrow 2" (func (;7;) (type 17)))
  (import "weft" "resource.remove 3" (func (;8;) (type 19)))
  (import "weft" "trap 4" (func (;9;) (type 21)))
  (import "weft" "thread.spawn-indirect" (func $spawn (;10;) (type 25)))
  (import "weft" "wait32 1" (func (;11;) (type 32)))
  (import "weft" "notify 1" (func (;12;) (type 33)))
  (import "weft" "end-borrows" (func (;13;) (type 30)))
  (table (;0;) 1 1 funcref)
  (global (;0;) (mut i32) i32.const 1)
  (global (;1;) (mut i32) i32.const 1)
  (global (;2;) (mut i32) i32.const 0)
  (export "0:0" (func 14))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:may-leave" (global 0))
  (export "weft:borrow-scope" (global 2))
  (export "weft:table-7-0" (table 0))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:start-i32" (func $weft:start-i32))
  (elem (;0;) (table 0) (i32.const 0) func $thread)
  (func (;14;) (type 0) (param i32)
    i32.const 0
    local.get 0
    i32.atomic.rmw.add
    drop
  )
  (func (;15;) (type 1) (result i32)
    i32.const 0
    i32.atomic.load
  )
  (func (;16;) (type 2) (param i32) (result i32)
    local.get 0
    call $new
  )
  (func (;17;) (type 2) (param i32) (result i32)
    local.get 0
  )
  (func $value (;18;) (type 3) (param i32) (result i32)
    (local i32 i32 i32 i32)
    block (result i32) ;; label = @1
      block ;; label = @2
        try_table (result i32) (catch_all 0 (;@2;)) ;; label = @3
          block ;; label = @4
            global.get 0
            local.tee 1
            br_if 0 (;@4;)
            i32.const 23
            call 1
            unreachable
          end
          global.get 1
          local.set 2
          i32.const 0
          global.set 1
          i32.const 2
          i32.const 0
          i32.const 1
          drop
          drop
          drop
          global.get 2
          local.set 4
          i32.const 0
          global.set 2
          global.get 0
          local.set 3
          i32.const 0
          global.set 0
          local.get 0
          i32.const 2
          i32.const 0
          call 2
          local.get 3
          global.set 0
          call 17
          local.set 3
          global.get 2
          if ;; label = @4
            call 13
          end
          local.get 4
          global.set 2
          i32.const 0
          global.set 0
          local.get 3
          local.get 1
          global.set 0
          local.get 2
          global.set 1
        end
        br 1 (;@1;)
      end
      i32.const 49
      call 1
      unreachable
    end
  )
  (func $make (;19;) (type 3) (param i32) (result i32)
    (local i32 i32 i32 i32)
    block (result i32) ;; label = @1
      block ;; label = @2
        try_table (result i32) (catch_all 0 (;@2;)) ;; label = @3
          block ;; label = @4
            global.get 0
            local.tee 1
            br_if 0 (;@4;)
            i32.const 23
            call 1
            unreachable
          end
          global.get 1
          local.set 2
          i32.const 0
          global.set 1
          i32.const 3
          i32.const 0
          i32.const 1
          drop
          drop
          drop
          global.get 2
          local.set 4
          i32.const 0
          global.set 2
          global.get 0
          local.set 3
          i32.const 0
          global.set 0
          local.get 0
          local.get 3
          global.set 0
          call 16
          local.set 3
          global.get 2
          if ;; label = @4
            call 13
          end
          local.get 4
          global.set 2
          i32.const 0
          global.set 0
          local.get 3
          i32.const 0
          i32.const 3
          call 3
          local.get 1
          global.set 0
          local.get 2
          global.set 1
        end
        br 1 (;@1;)
      end
      i32.const 49
      call 1
      unreachable
    end
  )
  (func $weft:drop (;20;) (type 10) (param i32)
    i32.const 2
    i32.const 0
    i32.const 1
    drop
    drop
    drop
    block ;; label = @1
      block ;; label = @2
        try_table (catch_all 0 (;@2;)) ;; label = @3
          local.get 0
          call 14
        end
        br 1 (;@1;)
      end
      i32.const 49
      call 5
      unreachable
    end
  )
  (func $"#func21 weft:drop" (@name "weft:drop") (;21;) (type 10) (param i32)
    (local i64)
    block ;; label = @1
      local.get 0
      call 4
      local.tee 1
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      local.get 1
      i32.wrap_i64
      call $weft:drop
    end
  )
  (func (;22;) (type 12) (param i32) (result i32)
    (local i32)
    local.get 0
    call $value
    local.set 1
    local.get 0
    call $"#func21 weft:drop"
    local.get 1
  )
  (func $read (;23;) (type 14) (param i32) (result i32)
    (local i32 i32 i32 i32)
    block (result i32) ;; label = @1
      block ;; label = @2
        try_table (result i32) (catch_all 0 (;@2;)) ;; label = @3
          block ;; label = @4
            global.get 0
            local.tee 1
            br_if 0 (;@4;)
            i32.const 23
            call 6
            unreachable
          end
          global.get 1
          local.set 2
          i32.const 0
          global.set 1
          i32.const 3
          i32.const 0
          i32.const 2
          drop
          drop
          drop
          global.get 2
          local.set 4
          i32.const 0
          global.set 2
          global.get 0
          local.set 3
          i32.const 0
          global.set 0
          local.get 0
          i32.const 3
          i32.const 2
          call 7
          local.get 3
          global.set 0
          call 22
          local.set 3
          global.get 2
          if ;; label = @4
            call 13
          end
          local.get 4
          global.set 2
          i32.const 0
          global.set 0
          local.get 3
          local.get 1
          global.set 0
          local.get 2
          global.set 1
        end
        br 1 (;@1;)
      end
      i32.const 49
      call 6
      unreachable
    end
  )
  (func $"#func24 weft:drop" (@name "weft:drop") (;24;) (type 21) (param i32)
    i32.const 3
    i32.const 0
    i32.const 1
    drop
    drop
    drop
    block ;; label = @1
      block ;; label = @2
        try_table (catch_all 0 (;@2;)) ;; label = @3
          local.get 0
          call 14
        end
        br 1 (;@1;)
      end
      i32.const 49
      call 9
      unreachable
    end
  )
  (func $"#func25 weft:drop" (@name "weft:drop") (;25;) (type 21) (param i32)
    (local i64)
    block ;; label = @1
      local.get 0
      call 8
      local.tee 1
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      local.get 1
      i32.wrap_i64
      call $"#func24 weft:drop"
    end
  )
  (func $thread (;26;) (type 23) (param i32)
    (local i32 i32 i32 i32)
    i32.const 100
    local.set 2
    loop ;; label = @1
      i32.const 1
      call $make
      local.set 1
      i32.const 8
      local.get 1
      call $read
      i32.atomic.rmw.add 1
      drop
      i32.const 8
      local.get 0
      call $read
      i32.atomic.rmw.add 1
      drop
      local.get 1
      call $"#func25 weft:drop"
      local.get 2
      i32.const 1
      i32.sub
      local.tee 2
      br_if 0 (;@1;)
    end
    i32.const 0
    i32.const 1
    i32.atomic.rmw.add 1
    drop
    i32.const 0
    i32.const 1
    local.set 4
    local.tee 3
    i32.atomic.load 1
    drop
    local.get 3
    i32.const 4
    i32.shl
    i32.const 65472
    i32.and
    i32.atomic.load 2
    if (result i32) ;; label = @1
      local.get 3
      local.get 4
      i64.const 0
      call 12
    else
      i32.const 0
    end
    drop
  )
  (func (;27;) (type 24) (param i32) (result i32)
    (local i32 i32 i32)
    i32.const 1000
    call $make
    local.set 1
    local.get 0
    local.set 2
    loop ;; label = @1
      i32.const 0
      local.get 1
      call $spawn
      drop
      local.get 2
      i32.const 1
      i32.sub
      local.tee 2
      br_if 0 (;@1;)
    end
    loop ;; label = @1
      i32.const 0
      i32.atomic.load 1
      local.set 3
      local.get 3
      local.get 0
      i32.lt_u
      if ;; label = @2
        i32.const 0
        local.get 3
        i64.const -1
        i64.const 0
        call 11
        drop
        br 1 (;@1;)
      end
    end
    local.get 1
    call $"#func25 weft:drop"
    i32.const 8
    i32.atomic.load 1
  )
  (func $"weft:lift 0" (;28;) (type 27) (result i64)
    call 15
    i64.extend_i32_u
  )
  (func $"weft:lift 1" (;29;) (type 29) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 27
    i64.extend_i32_u
  )
  (func $weft:initialize (;30;) (type 30))
  (func $weft:start-i32 (;31;) (type 31) (param i32)
    unreachable
  )
)
