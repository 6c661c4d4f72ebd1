(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i64) (result i32)))
  (type (;2;) (func))
  (memory (;0;) 1 1)
  (export "0:1" (func 1))
  (export "0:0" (func 0))
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
  (func $weft:initialize (;2;) (type 2))
)
