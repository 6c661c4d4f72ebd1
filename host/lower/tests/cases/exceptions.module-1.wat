(module $m
  (type $write (;0;) (func (param i32)))
  (type $payload (;1;) (func (param i32)))
  (type (;2;) (func (param i64)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (param i32 i32 i64) (result i32)))
  (type (;5;) (func (param i32)))
  (import "d" "tag" (tag $imported (;0;) (type $payload) (param i32)))
  (import "weft" "memory" (memory (;0;) 1 1 shared))
  (import "weft" "notify" (func (;0;) (type 4)))
  (tag $own (;1;) (type 2) (param i64))
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (export "own" (tag 1))
  (export "f" (func 1))
  (export "weft:context-0" (global 0))
  (export "weft:context-1" (global 1))
  (func (;1;) (type 3) (result i32)
    block (result i32) ;; label = @1
      try_table (catch $imported 0 (;@1;)) ;; label = @2
        i32.const 1
        global.set 0
        i32.const 0
        i32.const 1
        i64.const 0
        call 0
        drop
        i32.const 7
        throw $imported
      end
      i64.const 8
      throw $own
    end
  )
  (func $set (;2;) (type 5) (param i32)
    local.get 0
    global.set 0
  )
)
