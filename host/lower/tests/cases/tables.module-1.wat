(module $pass
  (type $start (;0;) (func (param i32)))
  (import "d" "own" (table (;0;) 0 funcref))
  (import "d" "f" (func $f (;0;) (type $start)))
  (import "d" "shared" (table $t (;1;) 4 4 funcref))
  (export "table" (table $t))
  (export "same" (table $t))
  (elem (;0;) (table $t) (i32.const 3) funcref (ref.func $f))
)
