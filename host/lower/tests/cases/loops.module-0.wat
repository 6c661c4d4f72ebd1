(module $m
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i32 i32)))
  (export "count" (func 1))
  (export "endless" (func 2))
  (export "calls" (func 3))
  (export "table" (func 4))
  (export "result" (func 5))
  (export "nested" (func 6))
  (func $callee (;0;) (type 0))
  (func (;1;) (type 1) (param $n i32) (result i32)
    (local $sum i32)
    block ;; label = @1
      block ;; label = @2
        loop ;; label = @3
          local.get $n
          i32.eqz
          br_if 2 (;@1;)
          local.get $n
          i32.const 1
          i32.and
          if ;; label = @4
            local.get $n
            i32.const 1
            i32.sub
            local.set $n
            br 1 (;@3;)
          end
          local.get $sum
          local.get $n
          i32.add
          local.set $sum
          local.get $n
          i32.const 1
          i32.sub
          local.tee $n
          i32.eqz
          br_if 1 (;@2;)
          local.get $n
          i32.eqz
          br_if 2 (;@1;)
          local.get $n
          i32.const 1
          i32.and
          if ;; label = @4
            local.get $n
            i32.const 1
            i32.sub
            local.set $n
            br 1 (;@3;)
          end
          local.get $sum
          local.get $n
          i32.add
          local.set $sum
          local.get $n
          i32.const 1
          i32.sub
          local.tee $n
          i32.eqz
          br_if 1 (;@2;)
          local.get $n
          i32.eqz
          br_if 2 (;@1;)
          local.get $n
          i32.const 1
          i32.and
          if ;; label = @4
            local.get $n
            i32.const 1
            i32.sub
            local.set $n
            br 1 (;@3;)
          end
          local.get $sum
          local.get $n
          i32.add
          local.set $sum
          local.get $n
          i32.const 1
          i32.sub
          local.tee $n
          i32.eqz
          br_if 1 (;@2;)
          local.get $n
          i32.eqz
          br_if 2 (;@1;)
          local.get $n
          i32.const 1
          i32.and
          if ;; label = @4
            local.get $n
            i32.const 1
            i32.sub
            local.set $n
            br 1 (;@3;)
          end
          local.get $sum
          local.get $n
          i32.add
          local.set $sum
          local.get $n
          i32.const 1
          i32.sub
          local.tee $n
          br_if 0 (;@3;)
        end
      end
    end
    local.get $sum
  )
  (func (;2;) (type 1) (param $n i32) (result i32)
    loop ;; label = @1
      local.get $n
      i32.const 100
      i32.ge_s
      if ;; label = @2
        local.get $n
        return
      end
      local.get $n
      i32.const 7
      i32.add
      local.set $n
      local.get $n
      i32.const 100
      i32.ge_s
      if ;; label = @2
        local.get $n
        return
      end
      local.get $n
      i32.const 7
      i32.add
      local.set $n
      local.get $n
      i32.const 100
      i32.ge_s
      if ;; label = @2
        local.get $n
        return
      end
      local.get $n
      i32.const 7
      i32.add
      local.set $n
      local.get $n
      i32.const 100
      i32.ge_s
      if ;; label = @2
        local.get $n
        return
      end
      local.get $n
      i32.const 7
      i32.add
      local.set $n
      br 0 (;@1;)
    end
    unreachable
  )
  (func (;3;) (type 2) (param $n i32)
    loop ;; label = @1
      call $callee
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if 0 (;@1;)
    end
  )
  (func (;4;) (type 2) (param $n i32)
    block ;; label = @1
      loop ;; label = @2
        local.get $n
        br_table 1 (;@1;) 0 (;@2;)
        br 0 (;@2;)
      end
    end
  )
  (func (;5;) (type 1) (param $n i32) (result i32)
    loop (result i32) ;; label = @1
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if 0 (;@1;)
      local.get $n
    end
  )
  (func (;6;) (type 3) (param $n i32) (param $m i32)
    loop ;; label = @1
      block ;; label = @2
        loop ;; label = @3
          local.get $m
          i32.const 1
          i32.sub
          local.tee $m
          i32.eqz
          br_if 1 (;@2;)
          local.get $m
          i32.const 1
          i32.sub
          local.tee $m
          i32.eqz
          br_if 1 (;@2;)
          local.get $m
          i32.const 1
          i32.sub
          local.tee $m
          i32.eqz
          br_if 1 (;@2;)
          local.get $m
          i32.const 1
          i32.sub
          local.tee $m
          br_if 0 (;@3;)
        end
      end
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if 0 (;@1;)
    end
  )
)
