;;! component_model_implements = true
;;! wide_arithmetic = true
;; Features beyond WebAssembly 3.0, which all commands have.

(component
  (component
    (import "a" (implements "a:b/c") (instance))
    (import "b" (implements "a:b/c@1.0.0") (instance))
    (import "a:b/c" (instance))
    (instance $i)
    (export "a" (implements "a:b/c") (instance $i))
    (export "a:b/c" (instance $i)))
  (type (instance (export "a" (implements "a:b/c") (instance))))
  (type (component (import "a" (implements "a:b/c") (instance))))
  (instance $i)
  (instance (export "a" (implements "a:b/c") (instance $i))))
(assert_invalid
  (component (import "a" (implements "no") (instance)))
  "must be an interface")

(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "sum") (param i32 i32 i32) (result i32)
      (i32.add (local.get 0) (i32.add (local.get 1) (local.get 2))))
    (func (export "length") (param i32 i32) (result i32) (local.get 1))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16)))
  (core instance $i (instantiate $m))
  (func (export "sum") (param "l" (list u32 3)) (result u32) (canon lift (core func $i "sum")))
  (func (export "length") (param "m" (map u32 u32)) (result u32)
    (canon lift (core func $i "length") (memory $i "memory") (realloc (func $i "realloc")))))

(module
  (memory 5 (pagesize 1))
  (func (export "size") (result i32) (memory.size))
  (func (export "high") (param i64 i64) (result i64)
    (i64.mul_wide_u (local.get 0) (local.get 1))
    (local.set 0)
    (drop)
    (local.get 0)))
(assert_return (invoke "size") (i32.const 5))
(assert_return (invoke "high" (i64.const -1) (i64.const 2)) (i64.const 1))

;; Proposals that weft does not have relax no rule.
(assert_invalid (module (type (func (result i32))) (tag (type 0))) "non-empty tag result type")
(assert_invalid (module (func (result anyref) (br_on_cast 0 eqref anyref (unreachable)))) "type mismatch")
(assert_invalid (module (func try catch_all end)) "legacy-exceptions")
(assert_invalid (component (import "a:b:c/d" (instance))) "not a valid extern name")
