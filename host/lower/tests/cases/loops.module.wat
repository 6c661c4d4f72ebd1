(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i32 i32)))
  (type (;4;) (func))
  (export "weft:initialize" (func $weft:initialize))
  (func $callee (;0;) (type 0))
  (func (;1;) (type 1) (param i32) (result i32)
    (local i32)
    block ;; label = @1
      block ;; label = @2
        loop ;; label = @3
          local.get 0
          i32.eqz
          br_if 2 (;@1;)
          local.get 0
          i32.const 1
          i32.and
          if ;; label = @4
            local.get 0
            i32.const 1
            i32.sub
            local.set 0
            br 1 (;@3;)
          end
          local.get 1
          local.get 0
          i32.add
          local.set 1
          local.get 0
          i32.const 1
          i32.sub
          local.tee 0
          i32.eqz
          br_if 1 (;@2;)
          local.get 0
          i32.eqz
          br_if 2 (;@1;)
          local.get 0
          i32.const 1
          i32.and
          if ;; label = @4
            local.get 0
            i32.const 1
            i32.sub
            local.set 0
            br 1 (;@3;)
          end
          local.get 1
          local.get 0
          i32.add
          local.set 1
          local.get 0
          i32.const 1
          i32.sub
          local.tee 0
          i32.eqz
          br_if 1 (;@2;)
          local.get 0
          i32.eqz
          br_if 2 (;@1;)
          local.get 0
          i32.const 1
          i32.and
          if ;; label = @4
            local.get 0
            i32.const 1
            i32.sub
            local.set 0
            br 1 (;@3;)
          end
          local.get 1
          local.get 0
          i32.add
          local.set 1
          local.get 0
          i32.const 1
          i32.sub
          local.tee 0
          i32.eqz
          br_if 1 (;@2;)
          local.get 0
          i32.eqz
          br_if 2 (;@1;)
          local.get 0
          i32.const 1
          i32.and
          if ;; label = @4
            local.get 0
            i32.const 1
            i32.sub
            local.set 0
            br 1 (;@3;)
          end
          local.get 1
          local.get 0
          i32.add
          local.set 1
          local.get 0
          i32.const 1
          i32.sub
          local.tee 0
          br_if 0 (;@3;)
        end
      end
    end
    local.get 1
  )
  (func (;2;) (type 1) (param i32) (result i32)
    loop ;; label = @1
      local.get 0
      i32.const 100
      i32.ge_s
      if ;; label = @2
        local.get 0
        return
      end
      local.get 0
      i32.const 7
      i32.add
      local.set 0
      local.get 0
      i32.const 100
      i32.ge_s
      if ;; label = @2
        local.get 0
        return
      end
      local.get 0
      i32.const 7
      i32.add
      local.set 0
      local.get 0
      i32.const 100
      i32.ge_s
      if ;; label = @2
        local.get 0
        return
      end
      local.get 0
      i32.const 7
      i32.add
      local.set 0
      local.get 0
      i32.const 100
      i32.ge_s
      if ;; label = @2
        local.get 0
        return
      end
      local.get 0
      i32.const 7
      i32.add
      local.set 0
      br 0 (;@1;)
    end
    unreachable
  )
  (func (;3;) (type 2) (param i32)
    loop ;; label = @1
      call $callee
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      br_if 0 (;@1;)
    end
  )
  (func (;4;) (type 2) (param i32)
    block ;; label = @1
      loop ;; label = @2
        local.get 0
        br_table 1 (;@1;) 0 (;@2;)
        br 0 (;@2;)
      end
    end
  )
  (func (;5;) (type 1) (param i32) (result i32)
    loop (result i32) ;; label = @1
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      br_if 0 (;@1;)
      local.get 0
    end
  )
  (func (;6;) (type 3) (param i32 i32)
    loop ;; label = @1
      block ;; label = @2
        loop ;; label = @3
          local.get 1
          i32.const 1
          i32.sub
          local.tee 1
          i32.eqz
          br_if 1 (;@2;)
          local.get 1
          i32.const 1
          i32.sub
          local.tee 1
          i32.eqz
          br_if 1 (;@2;)
          local.get 1
          i32.const 1
          i32.sub
          local.tee 1
          i32.eqz
          br_if 1 (;@2;)
          local.get 1
          i32.const 1
          i32.sub
          local.tee 1
          br_if 0 (;@3;)
        end
      end
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      br_if 0 (;@1;)
    end
  )
  (func $weft:initialize (;7;) (type 4))
)
