(module
  (type (;0;) (func))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func (param i32 i32) (result i32)))
  (type (;3;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;4;) (func (param i32 i32) (result i32)))
  (type (;5;) (func (param i32)))
  (type (;6;) (func (param i32 i32 i32)))
  (type (;7;) (func (result i32)))
  (type (;8;) (func))
  (type (;9;) (func (param i32 i32) (result i32)))
  (type (;10;) (func (param i32 i32) (result i32)))
  (type (;11;) (func (param i64 i64) (result i64)))
  (type (;12;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 65536 shared))
  (import "weft" "memory 1" (memory (;1;) 1 1 shared))
  (import "weft" "call-exclusively 1 0:1" (func (;0;) (type 3)))
  (import "weft" "call-exclusively 1 0:2" (func (;1;) (type 4)))
  (import "weft" "trap" (func (;2;) (type 5)))
  (import "weft" "Utf8ToUtf8 from memory 1 to memory 0" (func (;3;) (type 6)))
  (import "weft" "enter-exclusively 1" (func (;4;) (type 12)))
  (import "weft" "exit-exclusively" (func (;5;) (type 12)))
  (import "weft" "call-exclusively 1 weft:initialize-0" (func (;6;) (type 12)))
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 1)
  (global (;2;) (mut i32) i32.const 1)
  (global (;3;) (mut i32) i32.const 0)
  (global (;4;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 3))
  (export "weft:context-i32-1" (global 4))
  (export "0:1" (func 8))
  (export "0:2" (func 9))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:may-leave" (global 1))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:initialize-0" (func $weft:initialize-0))
  (func $begin (;7;) (type 0)
    i32.const 1
    global.set 0
  )
  (func (;8;) (type 1) (param i32 i32 i32 i32) (result i32)
    i32.const 8
  )
  (func (;9;) (type 2) (param i32 i32) (result i32)
    global.get 0
  )
  (func $f (;10;) (type 4) (param i32 i32) (result i32)
    (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    block (result i32) ;; label = @1
      block ;; label = @2
        try_table (result i32) (catch_all 0 (;@2;)) ;; label = @3
          block ;; label = @4
            global.get 1
            local.tee 2
            br_if 0 (;@4;)
            i32.const 23
            call 2
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
          call 4
          global.get 3
          local.set 11
          i32.const 0
          global.set 3
          global.get 4
          local.set 12
          i32.const 0
          global.set 4
          global.get 1
          local.set 4
          i32.const 0
          global.set 1
          local.get 0
          local.get 1
          local.set 5
          local.set 6
          block ;; label = @4
            block ;; label = @5
              memory.size 1
              i64.extend_i32_u
              i64.const 16
              i64.shl
              local.get 6
              i64.extend_i32_u
              local.get 5
              i64.extend_i32_u
              i64.add
              i64.ge_u
              br_if 1 (;@4;)
            end
            i32.const 30
            call 2
            unreachable
          end
          local.get 5
          i32.const 2147483647
          i32.gt_u
          if ;; label = @4
            i32.const 30
            call 2
            unreachable
          end
          local.get 5
          local.tee 7
          local.set 8
          i32.const 0
          i32.const 0
          i32.const 1
          local.get 8
          global.get 3
          local.set 9
          global.get 4
          local.set 10
          i32.const 0
          global.set 3
          i32.const 0
          global.set 4
          call 0
          local.get 9
          global.set 3
          local.get 10
          global.set 4
          local.set 10
          block ;; label = @4
            block ;; label = @5
              memory.size
              i64.extend_i32_u
              i64.const 16
              i64.shl
              local.get 10
              i64.extend_i32_u
              local.get 8
              i64.extend_i32_u
              i64.add
              i64.ge_u
              br_if 1 (;@4;)
            end
            i32.const 30
            call 2
            unreachable
          end
          local.get 6
          local.get 5
          local.get 10
          call 3
          local.get 10
          local.get 7
          local.get 4
          global.set 1
          call 1
          local.set 4
          local.get 11
          global.set 3
          local.get 12
          global.set 4
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
      call 2
      unreachable
    end
    call 5
  )
  (func (;11;) (type 9) (param i32 i32) (result i32)
    local.get 0
    local.get 1
    call $f
  )
  (func $"weft:lift 0" (;12;) (type 11) (param i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    call 11
    i64.extend_i32_u
  )
  (func $weft:initialize (;13;) (type 12)
    call 4
    call 6
    call 5
  )
  (func $weft:initialize-0 (;14;) (type 12)
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init 0
    call $begin
  )
  (data (;0;) "x")
)
