;; What a component instance may not do: be entered by its own child or parent, and be left by `realloc`, `post-return` and start functions
;; where that is not allowed.

;; A `realloc` that calls an import, and a `post-return` that does.
(component definition $Leaves
  (component $Other
    (core module $M (func (export "f")))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f"))))
  (instance $other (instantiate $Other))
  (component $Inner
    (import "f" (func $f))
    (core func $f (canon lower (func $f)))
    (core module $M
      (import "" "f" (func $f))
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (call $f) (i32.const 64))
      (func (export "take") (param i32 i32))
      (func (export "call") (call $f))
      (func (export "nothing")))
    (core instance $m (instantiate $M (with "" (instance (export "f" (func $f))))))
    (func (export "realloc") (param "s" string)
      (canon lift (core func $m "take") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "post") (canon lift (core func $m "nothing") (post-return (core func $m "call"))))
    (func (export "call") (canon lift (core func $m "call"))))
  (instance $inner (instantiate $Inner (with "f" (func $other "f"))))
  (export "realloc" (func $inner "realloc"))
  (export "post" (func $inner "post"))
  (export "call" (func $inner "call")))
(component instance $l $Leaves)
(invoke "call")
(assert_trap (invoke "realloc" (str.const "a")) "cannot leave component instance")
(component instance $l $Leaves)
(assert_trap (invoke "post") "cannot leave component instance")

;; A component calls its own child, and a child its parent.
(component
  (component $Child
    (core module $M (func (export "f")))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f"))))
  (instance $child (instantiate $Child))
  (core func $f (canon lower (func $child "f")))
  (core module $M
    (import "" "f" (func $f))
    (func (export "call") (call $f)))
  (core instance $m (instantiate $M (with "" (instance (export "f" (func $f))))))
  (func (export "call") (canon lift (core func $m "call"))))
(assert_trap (invoke "call") "cannot enter component instance")
(component
  (core module $Parent (func (export "f")))
  (core instance $parent (instantiate $Parent))
  (func $f (canon lift (core func $parent "f")))
  (component $Child
    (import "f" (func $f))
    (core func $f (canon lower (func $f)))
    (core module $M
      (import "" "f" (func $f))
      (func (export "call") (call $f)))
    (core instance $m (instantiate $M (with "" (instance (export "f" (func $f))))))
    (func (export "call") (canon lift (core func $m "call"))))
  (instance $child (instantiate $Child (with "f" (func $f))))
  (export "call" (func $child "call")))
(assert_trap (invoke "call") "cannot enter component instance")

;; A core function that calls a function of its own component, lifted and lowered again.
(component
  (core module $A (func (export "f")))
  (core instance $a (instantiate $A))
  (func $f (canon lift (core func $a "f")))
  (core func $f' (canon lower (func $f)))
  (core module $M
    (import "" "f" (func $f))
    (func (export "call") (call $f)))
  (core instance $m (instantiate $M (with "" (instance (export "f" (func $f'))))))
  (func (export "call") (canon lift (core func $m "call"))))
(assert_trap (invoke "call") "cannot enter component instance")

;; After a trap, an instance runs nothing more, and another one does.
(component definition $Traps
  (core module $M
    (func (export "unreachable") (unreachable))
    (func (export "divide") (result i32) (i32.div_s (i32.const 1) (i32.const 0)))
    (func (export "load") (result i32) (i32.load (i32.const 65536)))
    (func (export "call") (call_indirect (i32.const 0)))
    (func $recurse (export "recurse") (call $recurse))
    (func (export "well") (result i32) (i32.const 1))
    (memory 1)
    (table 1 funcref))
  (core instance $m (instantiate $M))
  (func (export "unreachable") (canon lift (core func $m "unreachable")))
  (func (export "divide") (result u32) (canon lift (core func $m "divide")))
  (func (export "load") (result u32) (canon lift (core func $m "load")))
  (func (export "call") (canon lift (core func $m "call")))
  (func (export "recurse") (canon lift (core func $m "recurse")))
  (func (export "well") (result u32) (canon lift (core func $m "well"))))
(component instance $one $Traps)
(component instance $other $Traps)
(assert_return (invoke $one "well") (u32.const 1))
(assert_trap (invoke $one "unreachable") "unreachable")
(assert_trap (invoke $one "well") "cannot enter component instance")
(assert_return (invoke $other "well") (u32.const 1))
(assert_trap (invoke $other "divide") "integer divide by zero")
(component instance $one $Traps)
(assert_trap (invoke $one "load") "out of bounds memory access")
(component instance $one $Traps)
(assert_trap (invoke $one "call") "uninitialized element")
(component instance $one $Traps)
(assert_trap (invoke $one "recurse") "call stack exhausted")
