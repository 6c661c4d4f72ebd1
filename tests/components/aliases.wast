;; Aliases: exports of instances, exports of core instances, and definitions of the components around.

;; Through three levels of instances, and once more out of what was exported.
(component
  (component $Outermost
    (component $Middle
      (component $Innermost
        (core module $M (func (export "f") (result i32) (i32.const 7)))
        (core instance $m (instantiate $M))
        (func (export "seven") (result u32) (canon lift (core func $m "f"))))
      (instance $innermost (instantiate $Innermost))
      (export "inside" (instance $innermost)))
    (instance $middle (instantiate $Middle))
    (alias export $middle "inside" (instance $inside))
    (export $again "inside" (instance $inside))
    (alias export $again "seven" (func $seven))
    (export "by-alias" (func $seven)))
  (instance $outermost (instantiate $Outermost))
  (alias export $outermost "inside" (instance $inside))
  (alias export $inside "seven" (func $one))
  (export "one" (func $one))
  (export "other" (func $outermost "by-alias"))
  (instance $both (export "a" (func $one)) (export "b" (func $one)))
  (export "third" (func $both "b")))
(assert_return (invoke "one") (u32.const 7))
(assert_return (invoke "other") (u32.const 7))
(assert_return (invoke "third") (u32.const 7))

;; All kinds of core items, of an instance that is put together of another one's.
(component
  (core module $Items
    (func (export "f") (result i32) (i32.const 1))
    (table (export "t") 2 funcref)
    (memory (export "m") 1)
    (global (export "g") (mut i32) (i32.const 2)))
  (core instance $items (instantiate $Items))
  (alias core export $items "f" (core func $f))
  (alias core export $items "m" (core memory $m))
  (core instance $other
    (export "1" (func $f))
    (export "2" (table $items "t"))
    (export "3" (memory $m))
    (export "4" (global $items "g")))
  (core module $Uses
    (import "in" "1" (func $f (result i32)))
    (import "in" "2" (table $t 2 funcref))
    (import "in" "3" (memory 1))
    (import "in" "4" (global $g (mut i32)))
    (elem (table $t) (i32.const 1) func $f)
    (data (i32.const 8) "\05")
    (func (export "sum") (result i32)
      (global.set $g (i32.add (global.get $g) (i32.const 10)))
      (i32.add (i32.add (call_indirect $t (result i32) (i32.const 1)) (i32.load8_u (i32.const 8))) (global.get $g))))
  (core instance $uses (instantiate $Uses (with "in" (instance $other))))
  (core module $Reads
    (import "" "g" (global $g (mut i32)))
    (func (export "g") (result i32) (global.get $g)))
  (core instance $reads (instantiate $Reads (with "" (instance (export "g" (global $items "g"))))))
  (func (export "sum") (result u32) (canon lift (core func $uses "sum")))
  (func (export "g") (result u32) (canon lift (core func $reads "g"))))
(assert_return (invoke "sum") (u32.const 18))
(assert_return (invoke "g") (u32.const 12))
(assert_return (invoke "sum") (u32.const 28))

;; A component's own definitions by an outer alias of no level, and those of the one around by one of one level.
(component $C
  (core module $M (func (export "f") (result i32) (i32.const 3)))
  (alias outer $C $M (core module $Same))
  (core instance $m (instantiate $Same))
  (type $sum (func (param "a" u32) (result u32)))
  (alias outer $C $sum (type $alias))
  (core type $core (func (param i32) (result i32)))
  (component $Inner
    (alias outer $C $M (core module $M))
    (alias outer $C $sum (type $sum))
    (core instance $m (instantiate $M))
    (core module $N
      (import "" "f" (func $f (result i32)))
      (func (export "plus") (param i32) (result i32) (i32.add (local.get 0) (call $f))))
    (core instance $n (instantiate $N (with "" (instance $m))))
    (func (export "plus") (type $sum) (canon lift (core func $n "plus"))))
  (instance $inner (instantiate $Inner))
  (func (export "f") (result u32) (canon lift (core func $m "f")))
  (export "plus" (func $inner "plus")))
(assert_return (invoke "f") (u32.const 3))
(assert_return (invoke "plus" (u32.const 4)) (u32.const 7))

;; Two instances of a component close over two modules.
(component
  (component $Holder
    (import "m" (core module $M (export "f" (func (result i32)))))
    (component (export "c") (export "m" (core module $M))))
  (core module $One (func (export "f") (result i32) (i32.const 1)))
  (core module $Two (func (export "f") (result i32) (i32.const 2)))
  (instance $one (instantiate $Holder (with "m" (core module $One))))
  (instance $two (instantiate $Holder (with "m" (core module $Two))))
  (instance $holds-one (instantiate (component $one "c")))
  (instance $holds-two (instantiate (component $two "c")))
  (core instance $m1 (instantiate (module $holds-one "m")))
  (core instance $m2 (instantiate (module $holds-two "m")))
  (func (export "one") (result u32) (canon lift (core func $m1 "f")))
  (func (export "two") (result u32) (canon lift (core func $m2 "f"))))
(assert_return (invoke "one") (u32.const 1))
(assert_return (invoke "two") (u32.const 2))

;; What an instance does not export, or exports as something else.
(assert_invalid
  (component (component $C) (instance $c (instantiate $C)) (alias export $c "f" (func)))
  "has no export named `f`")
(assert_invalid
  (component
    (component $C (core module $M) (export "m" (core module $M)))
    (instance $c (instantiate $C))
    (alias export $c "m" (func)))
  "is not a func")
(assert_invalid
  (component (core module $M) (core instance $m (instantiate $M)) (alias core export $m "f" (core func)))
  "has no export named `f`")
