;; Components within components: what passes between them by name, and what each instance has for itself.

;; Two instances of one component count for themselves, and an instance that is passed to two others is one.
(component
  (component $Counter
    (core module $M
      (global $count (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (global.get $count)))
    (core instance $m (instantiate $M))
    (func (export "next") (result u32) (canon lift (core func $m "next"))))
  (component $Twice
    (import "counter" (instance $counter (export "next" (func (result u32)))))
    (core func $next (canon lower (func $counter "next")))
    (core module $M
      (import "counter" "next" (func $next (result i32)))
      (func (export "twice") (result i32) (i32.add (call $next) (call $next))))
    (core instance $m (instantiate $M (with "counter" (instance (export "next" (func $next))))))
    (func (export "twice") (result u32) (canon lift (core func $m "twice"))))
  (instance $one (instantiate $Counter))
  (instance $other (instantiate $Counter))
  (instance $left (instantiate $Twice (with "counter" (instance $one))))
  (instance $right (instantiate $Twice (with "counter" (instance $one))))
  (instance $apart (instantiate $Twice (with "counter" (instance $other))))
  (export "left" (func $left "twice"))
  (export "right" (func $right "twice"))
  (export "apart" (func $apart "twice")))
(assert_return (invoke "left") (u32.const 3))
(assert_return (invoke "right") (u32.const 7))
(assert_return (invoke "apart") (u32.const 3))
(assert_return (invoke "left") (u32.const 11))

;; A core module, a component and a type of an outer component, by `outer` aliases.
(component $outer
  (type $pair (tuple u8 u8))
  (core module $Seven (func (export "get") (result i32) (i32.const 7)))
  (component $Inner
    (alias outer $outer $Seven (core module $Seven))
    (core instance $m (instantiate $Seven))
    (func (export "get") (result u32) (canon lift (core func $m "get"))))
  (component $Middle
    (alias outer $outer $Inner (component $C))
    (alias outer $outer $pair (type $pair))
    (component $Innermost
      (alias outer $outer $Seven (core module $Seven))
      (alias outer $outer $pair (type $pair))
      (core instance $seven (instantiate $Seven))
      (core module $M
        (import "" "get" (func $get (result i32)))
        (func (export "swap") (param i32 i32) (result i32)
          (i32.store8 (i32.const 8) (local.get 1))
          (i32.store8 (i32.const 9) (i32.add (local.get 0) (call $get)))
          (i32.const 8))
        (memory (export "memory") 1))
      (core instance $m (instantiate $M (with "" (instance $seven))))
      (func (export "swap") (param "p" $pair) (result $pair)
        (canon lift (core func $m "swap") (memory (core memory $m "memory")))))
    (instance $c (instantiate $C))
    (instance $innermost (instantiate $Innermost))
    (export "get" (func $c "get"))
    (export "swap" (func $innermost "swap")))
  (instance $middle (instantiate $Middle))
  (export "get" (func $middle "get"))
  (export "swap" (func $middle "swap")))
(assert_return (invoke "get") (u32.const 7))
(assert_return (invoke "swap" (tuple.const (u8.const 1) (u8.const 2))) (tuple.const (u8.const 2) (u8.const 8)))

;; Components and core modules as arguments: the component that gets them decides how often it instantiates them.
(component
  (core module $Five (func (export "get") (result i32) (i32.const 5)))
  (component $Wraps
    (import "module" (core module $M (export "get" (func (result i32)))))
    (core instance $m (instantiate $M))
    (func (export "get") (result u32) (canon lift (core func $m "get"))))
  (component $Uses
    (import "wraps" (component $Wraps
      (import "module" (core module (export "get" (func (result i32)))))
      (export "get" (func (result u32)))))
    (import "module" (core module $M (export "get" (func (result i32)))))
    (instance $one (instantiate $Wraps (with "module" (core module $M))))
    (instance $other (instantiate $Wraps (with "module" (core module $M))))
    (export "one" (func $one "get"))
    (export "other" (func $other "get")))
  (component $Sum
    (import "numbers" (instance $numbers (export "one" (func (result u32))) (export "other" (func (result u32)))))
    (core func $one (canon lower (func $numbers "one")))
    (core func $other (canon lower (func $numbers "other")))
    (core module $M
      (import "" "one" (func $one (result i32)))
      (import "" "other" (func $other (result i32)))
      (func (export "sum") (result i32) (i32.add (call $one) (call $other))))
    (core instance $m (instantiate $M
      (with "" (instance (export "one" (func $one)) (export "other" (func $other))))))
    (func (export "sum") (result u32) (canon lift (core func $m "sum"))))
  (instance $uses (instantiate $Uses (with "wraps" (component $Wraps)) (with "module" (core module $Five))))
  (instance $sum (instantiate $Sum (with "numbers" (instance $uses))))
  (export "sum" (func $sum "sum")))
(assert_return (invoke "sum") (u32.const 10))

;; Instances that are put together of exports, passed within others, and taken apart by aliases.
(component
  (component $Numbers
    (core module $M
      (func (export "one") (result i32) (i32.const 1))
      (func (export "two") (result i32) (i32.const 2)))
    (core instance $m (instantiate $M))
    (func (export "one") (result u32) (canon lift (core func $m "one")))
    (func (export "two") (result u32) (canon lift (core func $m "two"))))
  (instance $numbers (instantiate $Numbers))
  (instance $inner (export "uno" (func $numbers "one")))
  (instance $both (export "inner" (instance $inner)) (export "due" (func $numbers "two")))
  (component $Sum
    (import "both" (instance $both
      (export "inner" (instance (export "uno" (func (result u32)))))
      (export "due" (func (result u32)))))
    (alias export $both "inner" (instance $inner))
    (core func $uno (canon lower (func $inner "uno")))
    (core func $due (canon lower (func $both "due")))
    (core module $M
      (import "" "uno" (func $uno (result i32)))
      (import "" "due" (func $due (result i32)))
      (func (export "sum") (result i32) (i32.add (i32.mul (i32.const 10) (call $uno)) (call $due))))
    (core instance $m (instantiate $M (with "" (instance (export "uno" (func $uno)) (export "due" (func $due))))))
    (func $sum (result u32) (canon lift (core func $m "sum")))
    (instance (export "results") (export "sum" (func $sum)))
    (export "all" (func $sum)))
  (instance $sum (instantiate $Sum (with "both" (instance $both))))
  (alias export $sum "results" (instance $results))
  (export "sum" (func $results "sum"))
  (export "all" (func $sum "all"))
  (export "again" (func $both "due")))
(assert_return (invoke "sum") (u32.const 12))
(assert_return (invoke "all") (u32.const 12))
(assert_return (invoke "again") (u32.const 2))

;; Ten levels, each of which adds one.
(component
  (component $Base
    (core module $M (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "n" u32) (result u32) (canon lift (core func $m "f"))))
  (component $Next
    (import "f" (func $f (param "n" u32) (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $M
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "f") (param i32) (result i32) (i32.add (i32.const 1) (call $f (local.get 0)))))
    (core instance $m (instantiate $M (with "" (instance (export "f" (func $f))))))
    (func (export "f") (param "n" u32) (result u32) (canon lift (core func $m "f"))))
  (instance $0 (instantiate $Base))
  (instance $1 (instantiate $Next (with "f" (func $0 "f"))))
  (instance $2 (instantiate $Next (with "f" (func $1 "f"))))
  (instance $3 (instantiate $Next (with "f" (func $2 "f"))))
  (instance $4 (instantiate $Next (with "f" (func $3 "f"))))
  (instance $5 (instantiate $Next (with "f" (func $4 "f"))))
  (instance $6 (instantiate $Next (with "f" (func $5 "f"))))
  (instance $7 (instantiate $Next (with "f" (func $6 "f"))))
  (instance $8 (instantiate $Next (with "f" (func $7 "f"))))
  (instance $9 (instantiate $Next (with "f" (func $8 "f"))))
  (instance $10 (instantiate $Next (with "f" (func $9 "f"))))
  (export "f" (func $10 "f")))
(assert_return (invoke "f" (u32.const 32)) (u32.const 42))

;; A component that only passes on what it imports.
(component
  (component $Base
    (core module $M (func (export "f") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3))))
    (core instance $m (instantiate $M))
    (func (export "f") (param "n" u32) (result u32) (canon lift (core func $m "f"))))
  (component $Passes
    (import "api" (instance $api (export "f" (func (param "n" u32) (result u32)))))
    (export "same" (instance $api)))
  (instance $base (instantiate $Base))
  (instance $passes (instantiate $Passes (with "api" (instance $base))))
  (alias export $passes "same" (instance $same))
  (export "f" (func $same "f")))
(assert_return (invoke "f" (u32.const 5)) (u32.const 15))

;; An instance without functions need not be supplied.
(component
  (import "nobody-supplies-this" (instance))
  (import "nor-this" (instance (export "inner" (instance))))
  (core module $M (func (export "f") (result i32) (i32.const 1)))
  (core instance $m (instantiate $M))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
(assert_return (invoke "f") (u32.const 1))

;; Components without code: types, empty instances and modules.
(component)
(component (type string) (export "t" (type 0)))
(component (core module $M) (instance $i (export "m" (core module $M))) (export "i" (instance $i)))
(component (component $C) (instance $i (instantiate $C)) (export "i" (instance $i)))
(component (import "i" (instance $i)) (export "j" (instance $i)))
