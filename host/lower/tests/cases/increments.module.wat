(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i64) (result i32)))
  (type (;2;) (func (param i32 i32 i64) (result i32)))
  (type (;3;) (func (param i64 i64 i64) (result i64)))
  (type (;4;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;5;) (func (param i64 i64 i64 i64) (result i64)))
  (type (;6;) (func))
  (memory (;0;) 1 1)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;0;) (type 0) (param i32 i32 i32 i32) (result i32)
    (local i32 i32 i32)
    block ;; label = @1
      loop ;; label = @2
        local.get 2
        local.get 0
        i32.load
        local.tee 4
        local.get 1
        i32.load
        local.tee 5
        local.get 4
        local.get 5
        i32.lt_s
        local.tee 6
        select
        i32.store
        local.get 0
        i32.const 1
        i32.add
        local.get 0
        local.get 6
        select
        local.set 0
        local.get 1
        i32.const 1
        i32.add
        local.get 1
        local.get 4
        local.get 5
        i32.ge_s
        select
        local.set 1
        local.get 2
        i32.const 4
        i32.add
        local.tee 2
        local.get 3
        i32.lt_u
        i32.eqz
        br_if 1 (;@1;)
        local.get 2
        local.get 0
        i32.load
        local.tee 4
        local.get 1
        i32.load
        local.tee 5
        local.get 4
        local.get 5
        i32.lt_s
        local.tee 6
        select
        i32.store
        local.get 0
        i32.const 1
        i32.add
        local.get 0
        local.get 6
        select
        local.set 0
        local.get 1
        i32.const 1
        i32.add
        local.get 1
        local.get 4
        local.get 5
        i32.ge_s
        select
        local.set 1
        local.get 2
        i32.const 4
        i32.add
        local.tee 2
        local.get 3
        i32.lt_u
        i32.eqz
        br_if 1 (;@1;)
        local.get 2
        local.get 0
        i32.load
        local.tee 4
        local.get 1
        i32.load
        local.tee 5
        local.get 4
        local.get 5
        i32.lt_s
        local.tee 6
        select
        i32.store
        local.get 0
        i32.const 1
        i32.add
        local.get 0
        local.get 6
        select
        local.set 0
        local.get 1
        i32.const 1
        i32.add
        local.get 1
        local.get 4
        local.get 5
        i32.ge_s
        select
        local.set 1
        local.get 2
        i32.const 4
        i32.add
        local.tee 2
        local.get 3
        i32.lt_u
        br_if 0 (;@2;)
      end
    end
    local.get 0
    local.get 1
    i32.add
  )
  (func (;1;) (type 1) (param i32 i32 i64) (result i32)
    (local i32)
    local.get 2
    i64.const 7
    i64.lt_u
    local.set 3
    local.get 0
    i32.const 1
    i32.add
    local.get 0
    local.get 3
    select
    local.set 0
    local.get 0
    i32.const 1
    i32.add
    local.get 0
    local.get 1
    i32.eqz
    select
    local.set 0
    local.get 0
    i32.const 1
    i32.add
    local.get 0
    local.get 2
    i64.eqz
    select
    local.set 0
    local.get 1
    i32.ctz
    local.set 3
    local.get 0
    local.get 3
    i32.add
    local.set 0
    local.get 0
    local.get 1
    local.get 0
    i32.sub
    i32.add
    local.set 0
    local.get 1
    local.get 0
    i32.ne
    local.set 3
    block ;; label = @1
      loop ;; label = @2
        local.get 0
        local.get 3
        i32.add
        local.set 0
        i32.const 5
        local.set 3
        local.get 0
        i32.const 9
        i32.lt_u
        i32.eqz
        br_if 1 (;@1;)
        local.get 0
        local.get 3
        i32.add
        local.set 0
        i32.const 5
        local.set 3
        local.get 0
        i32.const 9
        i32.lt_u
        i32.eqz
        br_if 1 (;@1;)
        local.get 0
        local.get 3
        i32.add
        local.set 0
        i32.const 5
        local.set 3
        local.get 0
        i32.const 9
        i32.lt_u
        i32.eqz
        br_if 1 (;@1;)
        local.get 0
        local.get 3
        i32.add
        local.set 0
        i32.const 5
        local.set 3
        local.get 0
        i32.const 9
        i32.lt_u
        br_if 0 (;@2;)
      end
    end
    local.get 1
    local.get 0
    i32.ne
    local.set 3
    local.get 1
    if ;; label = @1
      i32.const 2
      local.set 3
    end
    local.get 0
    local.get 3
    i32.add
  )
  (func $"weft:lift 0" (;2;) (type 3) (param i64 i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    local.get 2
    call 1
    i64.extend_i32_u
  )
  (func $"weft:lift 1" (;3;) (type 5) (param i64 i64 i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    local.get 2
    i32.wrap_i64
    local.get 3
    i32.wrap_i64
    call 0
    i64.extend_i32_u
  )
  (func $weft:initialize (;4;) (type 6))
)
