;; Functions that are lifted after they were lowered, or the other way round, without a core module between.

;; The host's function, under other types that have the same core type.
(component
  (import "host-return-two" (func $two (result u32)))
  (core func $two (canon lower (func $two)))
  (func (export "as-u32") (result u32) (canon lift (core func $two)))
  (func (export "as-s32") (result s32) (canon lift (core func $two)))
  (func (export "as-u8") (result u8) (canon lift (core func $two)))
  (func (export "as-bool") (result bool) (canon lift (core func $two))))
(assert_return (invoke "as-u32") (u32.const 2))
(assert_return (invoke "as-s32") (s32.const 2))
(assert_return (invoke "as-u8") (u8.const 2))
(assert_return (invoke "as-bool") (bool.const true))

;; A char that is none, only when the second lifting looks at it.
(component definition $Chars
  (component $Gives
    (core module $M (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "c" u32) (result u32) (canon lift (core func $m "f"))))
  (instance $gives (instantiate $Gives))
  (component $Lifts
    (import "f" (func $f (param "c" u32) (result u32)))
    (core func $f (canon lower (func $f)))
    (func (export "f") (param "c" u32) (result char) (canon lift (core func $f))))
  (instance $lifts (instantiate $Lifts (with "f" (func $gives "f"))))
  (export "f" (func $lifts "f")))
(component instance $c $Chars)
(assert_return (invoke "f" (u32.const 0x61)) (char.const "a"))
(assert_trap (invoke "f" (u32.const 0xd800)) "integer out of range")
(component instance $c $Chars)
(assert_trap (invoke "f" (u32.const 0x110000)) "integer out of range")

;; A function of a component's own that it lowers is valid as long as nothing calls it.
(component
  (core module $M (func (export "f") (result i32) (i32.const 5)))
  (core instance $m (instantiate $M))
  (func $f (result u32) (canon lift (core func $m "f")))
  (core func $unused (canon lower (func $f)))
  (export "f" (func $f)))
(assert_return (invoke "f") (u32.const 5))
(component
  (core module $M (func (export "f") (result i32) (i32.const 5)))
  (core instance $m (instantiate $M))
  (func $f (result u32) (canon lift (core func $m "f")))
  (core func $own (canon lower (func $f)))
  (core module $Calls
    (import "" "f" (func $f (result i32)))
    (func (export "f") (result i32) (call $f)))
  (core instance $calls (instantiate $Calls (with "" (instance (export "f" (func $own))))))
  (func (export "f") (result u32) (canon lift (core func $calls "f"))))
(assert_trap (invoke "f") "cannot enter component instance")

;; Five components, each of which lifts what it has lowered.
(component
  (component $First
    (core module $M (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
    (core instance $m (instantiate $M))
    (func (export "f") (param "n" u32) (result u32) (canon lift (core func $m "f"))))
  (component $Next
    (import "f" (func $f (param "n" u32) (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $M
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "f") (param i32) (result i32) (i32.mul (call $f (local.get 0)) (i32.const 2))))
    (core instance $m (instantiate $M (with "" (instance (export "f" (func $f))))))
    (func (export "f") (param "n" u32) (result u32) (canon lift (core func $m "f"))))
  (instance $a (instantiate $First))
  (instance $b (instantiate $Next (with "f" (func $a "f"))))
  (instance $c (instantiate $Next (with "f" (func $b "f"))))
  (instance $d (instantiate $Next (with "f" (func $c "f"))))
  (instance $e (instantiate $Next (with "f" (func $d "f"))))
  (export "f" (func $e "f")))
(assert_return (invoke "f" (u32.const 2)) (u32.const 48))
