(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (param i32)))
  (type (;5;) (func (param i32 i32 i32)))
  (type (;6;) (func))
  (type (;7;) (func (result i32)))
  (type (;8;) (func (result i32)))
  (type (;9;) (func (result i64)))
  (type (;10;) (func))
  (type (;11;) (func (param i32)))
  (import "weft" "thread.spawn-indirect" (func $spawn (;0;) (type 0)))
  (import "weft" "trap" (func (;1;) (type 4)))
  (import "weft" "thread.index" (func $index (;2;) (type 7)))
  (import "weft" "enter-instance 1" (func (;3;) (type 10)))
  (import "weft" "exit-instance" (func (;4;) (type 10)))
  (table (;0;) 1 1 funcref)
  (global (;0;) (mut i32) i32.const 1)
  (global (;1;) (mut i32) i32.const 1)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:may-leave" (global 0))
  (export "weft:table-0-0" (table 0))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:start-i32" (func $weft:start-i32))
  (func $start (;5;) (type 2))
  (func (;6;) (type 1) (result i32)
    i32.const 0
    i32.const 0
    call $spawn
  )
  (func $f (;7;) (type 3) (result i32)
    (local i32 i32 i32)
    block (result i32) ;; label = @1
      block ;; label = @2
        try_table (result i32) (catch_all 0 (;@2;)) ;; label = @3
          block ;; label = @4
            global.get 0
            local.tee 0
            br_if 0 (;@4;)
            i32.const 23
            call 1
            unreachable
          end
          global.get 1
          local.set 1
          i32.const 0
          global.set 1
          i32.const 2
          i32.const 0
          i32.const 1
          drop
          drop
          drop
          call 3
          global.get 0
          local.set 2
          i32.const 0
          global.set 0
          local.get 2
          global.set 0
          call 6
          local.set 2
          i32.const 0
          global.set 0
          local.get 2
          local.get 0
          global.set 0
          local.get 1
          global.set 1
        end
        br 1 (;@1;)
      end
      i32.const 49
      call 1
      unreachable
    end
    call 4
  )
  (func (;8;) (type 7) (result i32)
    call $f
    call $index
    i32.add
  )
  (func $"weft:lift 0" (;9;) (type 9) (result i64)
    call 8
    i64.extend_i32_u
  )
  (func $weft:initialize (;10;) (type 10)
    call 3
    call $start
    call 4
  )
  (func $weft:start-i32 (;11;) (type 11) (param i32)
    unreachable
  )
)
