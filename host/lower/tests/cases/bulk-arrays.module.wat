(module
  (type (;0;) (array (mut i16)))
  (type (;1;) (array i16))
  (type (;2;) (array (mut funcref)))
  (type (;3;) (array (mut (ref func))))
  (type (;4;) (func (param i32 i32 i32) (result i32)))
  (type (;5;) (func (result i32)))
  (type (;6;) (func (param i32 i32 i32) (result i32)))
  (type (;7;) (func (param i64 i64 i64) (result i64)))
  (type (;8;) (func (param i32 i32) (result (ref 0))))
  (type (;9;) (func (param i32 i32) (result (ref 1))))
  (type (;10;) (func (param (ref null 0) i32 i32 i32) (result i32)))
  (type (;11;) (func (param (ref null 0) i32 (ref null 0) i32 i32) (result i32)))
  (type (;12;) (func (param (ref null 0) i32 (ref null 1) i32 i32) (result i32)))
  (type (;13;) (func (param (ref func) i32) (result (ref 3))))
  (type (;14;) (func (param funcref i32) (result (ref 2))))
  (type (;15;) (func))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) funcref (ref.null func))
  (elem (;1;) declare func 0)
  (func (;0;) (type 4) (param i32 i32 i32) (result i32)
    (local (ref null 0) (ref null 2) i32 i32 (ref null 0) i32 (ref null 0) (ref null 1) (ref func) funcref)
    local.get 0
    local.get 1
    local.set 6
    local.set 5
    local.get 6
    i32.const 8192
    i32.gt_u
    if (result (ref 0)) ;; label = @1
      local.get 5
      local.get 6
      call $"weft:array.fill 0, new"
    else
      local.get 5
      local.get 6
      array.new 0
    end
    local.set 3
    local.get 0
    i32.const 8192
    array.new 0
    drop
    local.get 0
    local.get 1
    local.set 6
    local.set 5
    local.get 6
    i32.const 8192
    i32.gt_u
    if (result (ref 1)) ;; label = @1
      local.get 5
      local.get 6
      call $"weft:array.fill 1, new"
    else
      local.get 5
      local.get 6
      array.new 1
    end
    drop
    local.get 3
    local.get 0
    local.get 1
    local.get 2
    local.set 8
    local.set 6
    local.set 5
    local.set 7
    local.get 8
    i32.const 8192
    i32.gt_u
    if ;; label = @1
      local.get 7
      local.get 5
      local.get 6
      local.get 8
      call $"weft:array.fill 0"
      local.set 8
    end
    local.get 7
    local.get 5
    local.get 6
    local.get 8
    array.fill 0
    local.get 3
    local.get 0
    local.get 3
    local.get 1
    local.get 2
    local.set 8
    local.set 6
    local.set 9
    local.set 5
    local.set 7
    local.get 8
    i32.const 8192
    i32.gt_u
    if ;; label = @1
      local.get 7
      local.get 5
      local.get 9
      local.get 6
      local.get 8
      call $"weft:array.copy 0 0"
      local.set 8
    end
    local.get 7
    local.get 5
    local.get 9
    local.get 6
    local.get 8
    array.copy 0 0
    local.get 3
    local.get 0
    i32.const 0
    i32.const 5
    array.new_data 1 0
    i32.const 0
    local.get 2
    local.set 8
    local.set 6
    local.set 10
    local.set 5
    local.set 7
    local.get 8
    i32.const 8192
    i32.gt_u
    if ;; label = @1
      local.get 7
      local.get 5
      local.get 10
      local.get 6
      local.get 8
      call $"weft:array.copy 0 1"
      local.set 8
    end
    local.get 7
    local.get 5
    local.get 10
    local.get 6
    local.get 8
    array.copy 0 1
    local.get 3
    local.get 0
    local.get 1
    local.get 2
    array.init_data 0 0
    local.get 0
    local.get 1
    array.new_elem 2 0
    local.set 4
    ref.func 0
    local.get 0
    local.set 5
    local.set 11
    local.get 5
    i32.const 8192
    i32.gt_u
    if (result (ref 3)) ;; label = @1
      local.get 11
      local.get 5
      call $"weft:array.fill 3, new"
    else
      local.get 11
      local.get 5
      array.new 3
    end
    drop
    local.get 0
    local.set 5
    i32.const 0
    local.get 5
    local.set 6
    local.set 5
    local.get 6
    i32.const 8192
    i32.gt_u
    if (result (ref 1)) ;; label = @1
      local.get 5
      local.get 6
      call $"weft:array.fill 1, new"
    else
      local.get 5
      local.get 6
      array.new 1
    end
    drop
    local.get 0
    local.set 5
    ref.null func
    local.get 5
    local.set 5
    local.set 12
    local.get 5
    i32.const 8192
    i32.gt_u
    if (result (ref 2)) ;; label = @1
      local.get 12
      local.get 5
      call $"weft:array.fill 2, new"
    else
      local.get 12
      local.get 5
      array.new 2
    end
    drop
    i32.const 8192
    array.new_default 2
    drop
    local.get 4
    array.len
  )
  (func (;1;) (type 5) (result i32)
    i32.const 8192
    array.new_default 2
    array.len
  )
  (func $"weft:lift 0" (;2;) (type 7) (param i64 i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    local.get 2
    i32.wrap_i64
    call 0
    i64.extend_i32_u
  )
  (func $"weft:array.fill 0, new" (;3;) (type 8) (param i32 i32) (result (ref 0))
    local.get 0
    local.get 1
    array.new 0
  )
  (func $"weft:array.fill 1, new" (;4;) (type 9) (param i32 i32) (result (ref 1))
    local.get 0
    local.get 1
    array.new 1
  )
  (func $"weft:array.fill 0" (;5;) (type 10) (param (ref null 0) i32 i32 i32) (result i32)
    (local i64 i64 i64 i64 i64)
    local.get 3
    i64.extend_i32_u
    local.set 6
    local.get 1
    i64.extend_i32_u
    local.set 4
    local.get 0
    ref.is_null
    if ;; label = @1
      local.get 3
      return
    end
    local.get 0
    array.len
    i64.extend_i32_u
    local.set 7
    local.get 6
    local.get 7
    i64.gt_u
    local.get 4
    local.get 7
    local.get 6
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 3
      return
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 6
        i64.const 8192
        i64.le_u
        br_if 1 (;@1;)
        local.get 0
        local.get 4
        i32.wrap_i64
        local.get 2
        i64.const 8192
        i32.wrap_i64
        array.fill 0
        local.get 4
        i64.const 8192
        i64.add
        local.set 4
        local.get 6
        i64.const -8192
        i64.add
        local.set 6
        br 0 (;@2;)
      end
    end
    local.get 0
    local.get 4
    i32.wrap_i64
    local.get 2
    local.get 6
    i32.wrap_i64
    array.fill 0
    i32.const 0
  )
  (func $"weft:array.copy 0 0" (;6;) (type 11) (param (ref null 0) i32 (ref null 0) i32 i32) (result i32)
    (local i64 i64 i64 i64 i64)
    local.get 4
    i64.extend_i32_u
    local.set 7
    local.get 1
    i64.extend_i32_u
    local.set 5
    local.get 0
    ref.is_null
    if ;; label = @1
      local.get 4
      return
    end
    local.get 0
    array.len
    i64.extend_i32_u
    local.set 8
    local.get 7
    local.get 8
    i64.gt_u
    local.get 5
    local.get 8
    local.get 7
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 4
      return
    end
    local.get 3
    i64.extend_i32_u
    local.set 6
    local.get 2
    ref.is_null
    if ;; label = @1
      local.get 4
      return
    end
    local.get 2
    array.len
    i64.extend_i32_u
    local.set 8
    local.get 7
    i64.const 1
    i64.mul
    local.set 9
    local.get 9
    local.get 8
    i64.gt_u
    local.get 6
    local.get 8
    local.get 9
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 4
      return
    end
    local.get 0
    local.get 2
    ref.eq
    local.get 5
    local.get 6
    i64.gt_u
    i32.and
    if ;; label = @1
      block ;; label = @2
        loop ;; label = @3
          local.get 7
          i64.const 8192
          i64.le_u
          br_if 1 (;@2;)
          local.get 7
          i64.const -8192
          i64.add
          local.set 7
          local.get 0
          local.get 5
          local.get 7
          i64.add
          i32.wrap_i64
          local.get 2
          local.get 6
          local.get 7
          i64.add
          i32.wrap_i64
          i64.const 8192
          i32.wrap_i64
          array.copy 0 0
          br 0 (;@3;)
        end
      end
    else
      block ;; label = @2
        loop ;; label = @3
          local.get 7
          i64.const 8192
          i64.le_u
          br_if 1 (;@2;)
          local.get 0
          local.get 5
          i32.wrap_i64
          local.get 2
          local.get 6
          i32.wrap_i64
          i64.const 8192
          i32.wrap_i64
          array.copy 0 0
          local.get 5
          i64.const 8192
          i64.add
          local.set 5
          local.get 6
          i64.const 8192
          i64.add
          local.set 6
          local.get 7
          i64.const -8192
          i64.add
          local.set 7
          br 0 (;@3;)
        end
      end
    end
    local.get 0
    local.get 5
    i32.wrap_i64
    local.get 2
    local.get 6
    i32.wrap_i64
    local.get 7
    i32.wrap_i64
    array.copy 0 0
    i32.const 0
  )
  (func $"weft:array.copy 0 1" (;7;) (type 12) (param (ref null 0) i32 (ref null 1) i32 i32) (result i32)
    (local i64 i64 i64 i64 i64)
    local.get 4
    i64.extend_i32_u
    local.set 7
    local.get 1
    i64.extend_i32_u
    local.set 5
    local.get 0
    ref.is_null
    if ;; label = @1
      local.get 4
      return
    end
    local.get 0
    array.len
    i64.extend_i32_u
    local.set 8
    local.get 7
    local.get 8
    i64.gt_u
    local.get 5
    local.get 8
    local.get 7
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 4
      return
    end
    local.get 3
    i64.extend_i32_u
    local.set 6
    local.get 2
    ref.is_null
    if ;; label = @1
      local.get 4
      return
    end
    local.get 2
    array.len
    i64.extend_i32_u
    local.set 8
    local.get 7
    i64.const 1
    i64.mul
    local.set 9
    local.get 9
    local.get 8
    i64.gt_u
    local.get 6
    local.get 8
    local.get 9
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 4
      return
    end
    local.get 0
    local.get 2
    ref.eq
    local.get 5
    local.get 6
    i64.gt_u
    i32.and
    if ;; label = @1
      block ;; label = @2
        loop ;; label = @3
          local.get 7
          i64.const 8192
          i64.le_u
          br_if 1 (;@2;)
          local.get 7
          i64.const -8192
          i64.add
          local.set 7
          local.get 0
          local.get 5
          local.get 7
          i64.add
          i32.wrap_i64
          local.get 2
          local.get 6
          local.get 7
          i64.add
          i32.wrap_i64
          i64.const 8192
          i32.wrap_i64
          array.copy 0 1
          br 0 (;@3;)
        end
      end
    else
      block ;; label = @2
        loop ;; label = @3
          local.get 7
          i64.const 8192
          i64.le_u
          br_if 1 (;@2;)
          local.get 0
          local.get 5
          i32.wrap_i64
          local.get 2
          local.get 6
          i32.wrap_i64
          i64.const 8192
          i32.wrap_i64
          array.copy 0 1
          local.get 5
          i64.const 8192
          i64.add
          local.set 5
          local.get 6
          i64.const 8192
          i64.add
          local.set 6
          local.get 7
          i64.const -8192
          i64.add
          local.set 7
          br 0 (;@3;)
        end
      end
    end
    local.get 0
    local.get 5
    i32.wrap_i64
    local.get 2
    local.get 6
    i32.wrap_i64
    local.get 7
    i32.wrap_i64
    array.copy 0 1
    i32.const 0
  )
  (func $"weft:array.fill 3, new" (;8;) (type 13) (param (ref func) i32) (result (ref 3))
    local.get 0
    local.get 1
    array.new 3
  )
  (func $"weft:array.fill 2, new" (;9;) (type 14) (param funcref i32) (result (ref 2))
    local.get 0
    local.get 1
    array.new 2
  )
  (func $weft:initialize (;10;) (type 15))
  (data (;0;) "0123456789")
)
