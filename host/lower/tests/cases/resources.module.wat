(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i64)))
  (type (;2;) (func (param i32 i32 i32)))
  (type (;3;) (func (param i32)))
  (type (;4;) (func))
  (type (;5;) (func (param i32)))
  (type (;6;) (func (param i32) (result i32)))
  (type (;7;) (func (param i32)))
  (type (;8;) (func (param i32)))
  (type (;9;) (func (param i64) (result i64)))
  (type (;10;) (func (param i32) (result i32)))
  (type (;11;) (func (param i64) (result i64)))
  (type (;12;) (func))
  (import "weft" "resource.remove 0" (func (;0;) (type 1)))
  (import "weft" "resource.new 0" (func (;1;) (type 6)))
  (import "weft" "resource.rep 1" (func (;2;) (type 6)))
  (import "weft" "resource.drop 2" (func (;3;) (type 7)))
  (export "0:0" (func 4))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;4;) (type 0) (param i32))
  (func $weft:drop (;5;) (type 3) (param i32)
    i32.const 0
    i32.const 0
    i32.const 0
    drop
    drop
    drop
    block ;; label = @1
      block (result exnref) ;; label = @2
        try_table (catch_all_ref 0 (;@2;)) ;; label = @3
          local.get 0
          call 4
        end
        br 1 (;@1;)
      end
      throw_ref
    end
  )
  (func $"#func6 weft:drop" (@name "weft:drop") (;6;) (type 3) (param i32)
    (local i64)
    block ;; label = @1
      local.get 0
      call 0
      local.tee 1
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      local.get 1
      i32.wrap_i64
      call $weft:drop
    end
  )
  (func (;7;) (type 6) (param i32) (result i32)
    local.get 0
  )
  (func (;8;) (type 5) (param i32))
  (func $"weft:lift 0" (;9;) (type 9) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 8
    i64.const 0
  )
  (func $"weft:lift 1" (;10;) (type 11) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 7
    i64.extend_i32_u
  )
  (func $weft:initialize (;11;) (type 12))
)
