(component
  (core module $state (;0;)
    (memory (;0;) 0 0)
    (export "memory" (memory 0))
  )
  (core instance $state (;0;) (instantiate $state))
  (alias core export $state "memory" (core memory $memory (;0;)))
  (core instance $host-env (;1;)
    (export "memory" (memory $memory))
  )
  (core type $env (;0;)
    (module
      (import "env" "memory" (memory 0 0))
      (type (;0;) (func (param externref) (result externref)))
      (export "keep" (func (type 0)))
    )
  )
  (import "env" (core module $env (;1;) (type $env)))
  (core instance $env (;2;) (instantiate $env
      (with "env" (instance $host-env))
    )
  )
  (core module $main (;2;)
    (type $node (;0;) (sub (struct (field $value (mut i32)) (field $next (ref null $node)))))
    (type $leaf (;1;) (sub $node (struct (field $value (mut i32)) (field $next (ref null $node)) (field f64))))
    (type $list (;2;) (array (mut (ref null $node))))
    (type $call (;3;) (func (param i32) (result i32)))
    (type (;4;) (func (param externref) (result externref)))
    (type (;5;) (func (param i32)))
    (type (;6;) (func (result i32)))
    (type (;7;) (func (result i32 exnref)))
    (import "env" "keep" (func $keep (;0;) (type 4)))
    (table $calls (;0;) 4 (ref null $call) ref.func $double)
    (table $any (;1;) 1 anyref)
    (tag $wrong (;0;) (type 5) (param i32))
    (global $last (;0;) (mut (ref null $node)) ref.null $node)
    (global $callback (;1;) (mut funcref) ref.func $double)
    (global $outside (;2;) (mut externref) ref.null extern)
    (export "double" (func $double))
    (export "sum" (func 2))
    (export "caught" (func 3))
    (export "weft:export double" (func $double))
    (export "weft:export sum" (func 2))
    (export "weft:export caught" (func 3))
    (func $double (;1;) (type $call) (param i32) (result i32)
      local.get 0
      i32.const 1
      i32.shl
    )
    (func (;2;) (type $call) (param i32) (result i32)
      local.get 0
      global.get $last
      f64.const 0x0p+0 (;=0;)
      struct.new $leaf
      global.set $last
      global.get $outside
      call $keep
      global.set $outside
      i32.const 0
      local.get 0
      ref.i31
      table.set $any
      global.get $last
      struct.get $node $value
      i32.const 3
      table.get $calls
      return_call_ref $call
    )
    (func (;3;) (type 6) (result i32)
      block $h (type 7) (result i32 exnref)
        try_table (type 7) (result i32 exnref) (catch_ref $wrong $h) ;; label = @2
          i32.const 7
          throw $wrong
        end
      end
      drop
    )
  )
  (core instance $main (;3;) (instantiate $main
      (with "$state" (instance $state))
      (with "env" (instance $env))
    )
  )
  (alias core export $main "double" (core func $double (;0;)))
  (type $double (;0;) (func (param "p0" s32) (result s32)))
  (func $double (;0;) (type $double) (canon lift (core func $double)))
  (export (;1;) "double" (func $double))
  (alias core export $main "sum" (core func $sum (;1;)))
  (type $sum (;1;) (func (param "p0" s32) (result s32)))
  (func $sum (;2;) (type $sum) (canon lift (core func $sum)))
  (export (;3;) "sum" (func $sum))
  (alias core export $main "caught" (core func $caught (;2;)))
  (type $caught (;2;) (func (result s32)))
  (func $caught (;4;) (type $caught) (canon lift (core func $caught)))
  (export (;5;) "caught" (func $caught))
)
