;; Canonical options: which a function's types need, which exclude each other, and of what types they are.

(assert_invalid
  (component
    (core module $M (func (export "f") (param i32 i32)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "s" string) (canon lift (core func $m "f"))))
  "canonical option `memory` is required")
(assert_invalid
  (component
    (core module $M (memory (export "memory") 1) (func (export "f") (param i32 i32)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "s" string) (canon lift (core func $m "f") (memory $m "memory"))))
  "canonical option `realloc` is required")
;; To lift a string, `realloc` is not needed, and to lower one neither.
(component
  (core module $M (memory (export "memory") 1) (func (export "f") (result i32) (i32.const 8)))
  (core instance $m (instantiate $M))
  (func (export "f") (result string) (canon lift (core func $m "f") (memory $m "memory"))))
(assert_return (invoke "f") (str.const ""))
(assert_invalid
  (component
    (import "f" (func $f (param "s" string)))
    (core func (canon lower (func $f))))
  "canonical option `memory` is required")
(assert_invalid
  (component
    (import "f" (func $f (result string)))
    (core module $M (memory (export "memory") 1))
    (core instance $m (instantiate $M))
    (core func (canon lower (func $f) (memory $m "memory"))))
  "canonical option `realloc` is required")
;; Seventeen parameters are in memory, and so is a result of two.
(assert_invalid
  (component
    (core module $M (func (export "f") (param i32)))
    (core instance $m (instantiate $M))
    (func (export "f")
      (param "a" u8) (param "b" u8) (param "c" u8) (param "d" u8) (param "e" u8) (param "f" u8) (param "g" u8)
      (param "h" u8) (param "i" u8) (param "j" u8) (param "k" u8) (param "l" u8) (param "m" u8) (param "n" u8)
      (param "o" u8) (param "p" u8) (param "q" u8)
      (canon lift (core func $m "f"))))
  "canonical option `memory` is required")
(assert_invalid
  (component
    (core module $M (func (export "f") (result i32) (i32.const 0)))
    (core instance $m (instantiate $M))
    (func (export "f") (result (tuple u8 u8)) (canon lift (core func $m "f"))))
  "canonical option `memory` is required")

(assert_invalid
  (component
    (core module $M (memory (export "memory") 1) (func (export "f")))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f") (memory $m "memory") (memory $m "memory"))))
  "canonical option `memory` is specified more than once")
(assert_invalid
  (component
    (core module $M (func (export "f")))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f") string-encoding=utf8 string-encoding=utf16)))
  "canonical encoding option `utf8` conflicts with option `utf16`")
(assert_invalid
  (component
    (core module $M (memory (export "memory") 1) (func (export "f")) (func (export "realloc") (param i32) (result i32) (i32.const 0)))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  "canonical option `realloc` uses a core function with an incorrect signature")
(assert_invalid
  (component
    (core module $M (func (export "f")) (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f") (realloc (func $m "realloc")))))
  "canonical option `realloc` requires `memory` to also be specified")

;; The core function has the type that the lifted one flattens to.
(assert_invalid
  (component
    (core module $M (func (export "f") (param i32)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "n" u64) (canon lift (core func $m "f"))))
  "do not match parameter types")
(assert_invalid
  (component
    (core module $M (func (export "f") (result i32) (i32.const 0)))
    (core instance $m (instantiate $M))
    (func (export "f") (result f32) (canon lift (core func $m "f"))))
  "do not match result types")
(component
  (core module $M (func (export "f") (param i32 i64 f32 f64 i32 i32 i64) (result i64) (local.get 6)))
  (core instance $m (instantiate $M))
  (type $v' (variant (case "a" u64) (case "b" f64) (case "c" s8)))
  (export $v "v" (type $v'))
  (func (export "f") (param "a" s16) (param "b" s64) (param "c" f32) (param "d" f64) (param "e" bool) (param "v" $v)
    (result u64) (canon lift (core func $m "f"))))
(assert_return
  (invoke "f" (s16.const -1) (s64.const -1) (f32.const 1) (f64.const 1) (bool.const true) (variant.const "b" (f64.const 1)))
  (u64.const 0x3ff0000000000000))

;; A memory that another instance than the function's exports, and a `realloc` of a third.
(component
  (core module $Memory (memory (export "memory") 1))
  (core instance $memory (instantiate $Memory))
  (core module $Realloc (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 32)))
  (core instance $realloc (instantiate $Realloc))
  (core module $M
    (import "" "memory" (memory 1))
    (func (export "length") (param i32 i32) (result i32)
      (if (i32.ne (local.get 0) (i32.const 32)) (then (unreachable)))
      (i32.add (i32.mul (i32.const 1000) (i32.load8_u (i32.const 32))) (local.get 1))))
  (core instance $m (instantiate $M (with "" (instance $memory))))
  (func (export "utf8") (param "s" string) (result u32)
    (canon lift (core func $m "length") (memory $memory "memory") (realloc (func $realloc "realloc"))))
  (func (export "utf16") (param "s" string) (result u32)
    (canon lift (core func $m "length") (memory $memory "memory") (realloc (func $realloc "realloc")) string-encoding=utf16))
  (func (export "latin1") (param "s" string) (result u32)
    (canon lift (core func $m "length") (memory $memory "memory") (realloc (func $realloc "realloc"))
      string-encoding=latin1+utf16)))
(assert_return (invoke "utf8" (str.const "aé")) (u32.const 97003))
(assert_return (invoke "utf16" (str.const "aé")) (u32.const 97002))
(assert_return (invoke "latin1" (str.const "aé")) (u32.const 97002))
