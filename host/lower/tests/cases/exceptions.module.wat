(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i64)))
  (type (;4;) (func (result i32)))
  (type (;5;) (func (result i32)))
  (type (;6;) (func (result i64)))
  (type (;7;) (func))
  (type (;8;) (func (param i32 i32 i64) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "memory 1" (memory (;1;) 1 1 shared))
  (import "weft" "notify 0" (func (;0;) (type 8)))
  (tag (;0;) (type 0) (param i32))
  (tag (;1;) (type 3) (param i64))
  (global (;0;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 0))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;1;) (type 4) (result i32)
    (local i32 i32)
    block (result i32) ;; label = @1
      try_table (catch 0 0 (;@1;)) ;; label = @2
        i32.const 1
        global.set 0
        i32.const 0
        i32.const 1
        local.set 1
        local.tee 0
        i32.atomic.load
        drop
        atomic.fence
        local.get 0
        i32.const 4
        i32.shl
        i32.const 65472
        i32.and
        i32.atomic.load 1
        if (result i32) ;; label = @3
          local.get 0
          local.get 1
          i64.const 0
          call 0
        else
          i32.const 0
        end
        drop
        i32.const 7
        throw 0
      end
      i64.const 8
      throw 1
    end
  )
  (func $"weft:lift 0" (;2;) (type 6) (result i64)
    call 1
    i64.extend_i32_u
  )
  (func $weft:initialize (;3;) (type 7))
)
