(component
  (core module $m (;0;)
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
      block $done
        loop $again
          local.get $n
          i32.eqz
          br_if $done
          local.get $n
          i32.const 1
          i32.and
          if ;; label = @3
            local.get $n
            i32.const 1
            i32.sub
            local.set $n
            br $again
          end
          local.get $sum
          local.get $n
          i32.add
          local.set $sum
          local.get $n
          i32.const 1
          i32.sub
          local.tee $n
          br_if $again
        end
      end
      local.get $sum
    )
    (func (;2;) (type 1) (param $n i32) (result i32)
      loop $again
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
        br $again
      end
      unreachable
    )
    (func (;3;) (type 2) (param $n i32)
      loop $again
        call $callee
        local.get $n
        i32.const 1
        i32.sub
        local.tee $n
        br_if $again
      end
    )
    (func (;4;) (type 2) (param $n i32)
      block $out
        loop $again
          local.get $n
          br_table $out $again
          br $again
        end
      end
    )
    (func (;5;) (type 1) (param $n i32) (result i32)
      loop $again (result i32)
        local.get $n
        i32.const 1
        i32.sub
        local.tee $n
        br_if $again
        local.get $n
      end
    )
    (func (;6;) (type 3) (param $n i32) (param $m i32)
      loop $outer
        loop $inner
          local.get $m
          i32.const 1
          i32.sub
          local.tee $m
          br_if $inner
        end
        local.get $n
        i32.const 1
        i32.sub
        local.tee $n
        br_if $outer
      end
    )
  )
  (core instance (;0;) (instantiate $m))
)
