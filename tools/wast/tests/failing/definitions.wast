;; What cannot be defined, and what needs it.

(module $invalid (func (result i32)))
(invoke "f")
(assert_return (invoke $invalid "f"))
(register "invalid" $invalid)
(module instance $invalid)

(module $unlinkable (import "no" "where" (func)))
(get $unlinkable "g")

(module $text
  (nonsense))
(invoke $text "f")

(component $component (core func $f (canon lift 7)))
(invoke $component "f")

(module $well (func (export "f")))
(invoke "f")

(assert_nothing)
(invoke "f"

  (i32.const 1)
