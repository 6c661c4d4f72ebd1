(module
  (type $f (;0;) (func (param i32) (result i32)))
  (type $e (;1;) (func (param i32)))
  (import "" "memory" (memory (;0;) 1 2 shared))
  (import "" "function" (func $imported (;0;) (type $f)))
  (import "" "table" (table $t (;0;) 1 funcref))
  (import "" "global" (global $g (;0;) i32))
  (memory $own (;1;) 1 1 shared)
  (tag $e (;0;) (type $e) (param i32))
  (export "e" (tag 0))
  (export "wait" (func 1))
  (export "add" (func 2))
  (elem (;0;) (table $t) (i32.const 0) funcref (ref.func $imported))
  (func (;1;) (type $f) (param i32) (result i32)
    local.get 0
    i32.const 0
    i64.const 0
    memory.atomic.wait32 $own
  )
  (func (;2;) (type $f) (param i32) (result i32)
    local.get 0
    local.get 0
    ref.func $imported
    call_ref $f
    i32.atomic.rmw.add
  )
)
