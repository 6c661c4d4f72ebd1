(component
  (core module $define (;0;)
    (type (;0;) (func (param i32)))
    (tag (;0;) (type 0) (param i32))
    (export "tag" (tag 0))
  )
  (core instance $define (;0;) (instantiate $define))
  (core func $set (;0;) (canon context.set i32 0))
  (core module $m (;1;)
    (type $write (;0;) (func (param i32)))
    (type $payload (;1;) (func (param i32)))
    (type (;2;) (func (param i64)))
    (type (;3;) (func (result i32)))
    (import "c" "set" (func $set (;0;) (type $write)))
    (import "d" "tag" (tag $imported (;0;) (type $payload) (param i32)))
    (memory (;0;) 1 1)
    (tag $own (;1;) (type 2) (param i64))
    (export "own" (tag 1))
    (export "f" (func 1))
    (func (;1;) (type 3) (result i32)
      block $caught (result i32)
        try_table (catch $imported $caught) ;; label = @2
          i32.const 1
          call $set
          i32.const 0
          i32.const 1
          memory.atomic.notify
          drop
          i32.const 7
          throw $imported
        end
        i64.const 8
        throw $own
      end
    )
  )
  (core instance (;1;)
    (export "set" (func $set))
  )
  (core instance $m (;2;) (instantiate $m
      (with "c" (instance 1))
      (with "d" (instance $define))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $m "f" (core func (;1;)))
  (func (;0;) (type 0) (canon lift (core func 1)))
  (export (;1;) "f" (func 0))
)
