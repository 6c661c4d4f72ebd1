;; Calls from one component to another with types whose core values differ in form: joined cases, many parameters, results in memory.

;; Each case of a variant has core values of its own, which are joined: i32 with f32, i64 with f64, i32 with i64.
(component definition $Joins
  (type $v' (variant (case "a" u32) (case "b" f32) (case "c" u64) (case "d" f64) (case "e") (case "f" char) (case "g" s8)))
  (component $Callee
    (import "v" (type $v (eq $v')))
    (core module $M
      ;; Which case, and the bits.
      (func (export "bits") (param i32 i64) (result i64)
        (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 60)) (i64.and (local.get 1) (i64.const 0x0fffffffffffffff)))))
    (core instance $m (instantiate $M))
    (func (export "bits") (param "v" $v) (result u64) (canon lift (core func $m "bits"))))
  (export $v "v" (type $v'))
  (instance $callee (instantiate $Callee (with "v" (type $v))))
  (component $Caller
    (import "v" (type $v (eq $v')))
    (import "bits" (func $bits (param "v" $v) (result u64)))
    (core func $bits (canon lower (func $bits)))
    (core module $M
      (import "" "bits" (func $bits (param i32 i64) (result i64)))
      (func (export "pass") (param i32 i64) (result i64) (call $bits (local.get 0) (local.get 1)))
      (func (export "raw") (param i32 i64) (result i64) (call $bits (local.get 0) (local.get 1))))
    (core instance $m (instantiate $M (with "" (instance (export "bits" (func $bits))))))
    (func (export "pass") (param "v" $v) (result u64) (canon lift (core func $m "pass")))
    (func (export "raw") (param "case" u32) (param "bits" u64) (result u64) (canon lift (core func $m "raw"))))
  (instance $caller (instantiate $Caller (with "v" (type $v)) (with "bits" (func $callee "bits"))))
  (export "pass" (func $caller "pass") (func (param "v" $v) (result u64)))
  (export "raw" (func $caller "raw")))
(component instance $j $Joins)
(assert_return (invoke "pass" (variant.const "a" (u32.const 0xffffffff))) (u64.const 0x00000000ffffffff))
(assert_return (invoke "pass" (variant.const "b" (f32.const 1))) (u64.const 0x100000003f800000))
(assert_return (invoke "pass" (variant.const "c" (u64.const 0x0123456789abcdef))) (u64.const 0x2123456789abcdef))
(assert_return (invoke "pass" (variant.const "d" (f64.const 2))) (u64.const 0x3000000000000000))
(assert_return (invoke "pass" (variant.const "e")) (u64.const 0x4000000000000000))
(assert_return (invoke "pass" (variant.const "f" (char.const "z"))) (u64.const 0x500000000000007a))
(assert_return (invoke "pass" (variant.const "g" (s8.const -1))) (u64.const 0x60000000ffffffff))
;; What the caller's core code passes is brought into form: the upper half of an i32, and the bits of a case without any.
(assert_return (invoke "raw" (u32.const 0) (u64.const 0x0fffffff00000001)) (u64.const 1))
(assert_return (invoke "raw" (u32.const 4) (u64.const 0x0fffffff00000001)) (u64.const 0x4000000000000000))
(assert_return (invoke "raw" (u32.const 6) (u64.const 0x17f)) (u64.const 0x600000000000007f))
(assert_trap (invoke "raw" (u32.const 5) (u64.const 0xd800)) "")
(component instance $j $Joins)
(assert_trap (invoke "raw" (u32.const 7) (u64.const 0)) "discriminant")

;; Sixteen parameters are core values, and seventeen are in memory; a result of two is in memory.
(component definition $Many
  (component $Callee
    (core module $M
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (if (i32.or (local.get 0) (local.get 1)) (then (unreachable)))
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (i32.and (i32.add (local.get 3) (i32.const 15)) (i32.const -8)))))
      (func (export "sixteen")
        (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
        (i32.sub (local.get 15) (local.get 0)))
      (func (export "seventeen") (param i32) (result i32)
        (i32.store (i32.const 16) (i32.load (i32.add (local.get 0) (i32.const 64))))
        (i32.store (i32.const 20) (i32.load (local.get 0)))
        (i32.const 16)))
    (core instance $m (instantiate $M))
    (func (export "sixteen")
      (param "a" u32) (param "b" u32) (param "c" u32) (param "d" u32) (param "e" u32) (param "f" u32) (param "g" u32)
      (param "h" u32) (param "i" u32) (param "j" u32) (param "k" u32) (param "l" u32) (param "m" u32) (param "n" u32)
      (param "o" u32) (param "p" u32) (result u32)
      (canon lift (core func $m "sixteen")))
    (func (export "seventeen")
      (param "a" u32) (param "b" u32) (param "c" u32) (param "d" u32) (param "e" u32) (param "f" u32) (param "g" u32)
      (param "h" u32) (param "i" u32) (param "j" u32) (param "k" u32) (param "l" u32) (param "m" u32) (param "n" u32)
      (param "o" u32) (param "p" u32) (param "q" u32) (result (tuple u32 u32))
      (canon lift (core func $m "seventeen") (memory $m "memory") (realloc (func $m "realloc")))))
  (instance $callee (instantiate $Callee))
  (component $Caller
    (import "sixteen" (func $sixteen
      (param "a" u32) (param "b" u32) (param "c" u32) (param "d" u32) (param "e" u32) (param "f" u32) (param "g" u32)
      (param "h" u32) (param "i" u32) (param "j" u32) (param "k" u32) (param "l" u32) (param "m" u32) (param "n" u32)
      (param "o" u32) (param "p" u32) (result u32)))
    (import "seventeen" (func $seventeen
      (param "a" u32) (param "b" u32) (param "c" u32) (param "d" u32) (param "e" u32) (param "f" u32) (param "g" u32)
      (param "h" u32) (param "i" u32) (param "j" u32) (param "k" u32) (param "l" u32) (param "m" u32) (param "n" u32)
      (param "o" u32) (param "p" u32) (param "q" u32) (result (tuple u32 u32))))
    (core module $Memory
      (memory (export "memory") 1)
      (func (export "fill") (param i32) (local i32)
        (loop $again
          (i32.store (i32.add (local.get 0) (i32.mul (local.get 1) (i32.const 4))) (i32.mul (local.get 1) (i32.const 3)))
          (local.set 1 (i32.add (local.get 1) (i32.const 1)))
          (br_if $again (i32.lt_u (local.get 1) (i32.const 17))))))
    (core instance $memory (instantiate $Memory))
    (core func $sixteen (canon lower (func $sixteen)))
    (core func $seventeen (canon lower (func $seventeen) (memory $memory "memory")))
    (core module $M
      (import "" "memory" (memory 1))
      (import "" "fill" (func $fill (param i32)))
      (import "" "sixteen" (func $sixteen
        (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
      (import "" "seventeen" (func $seventeen (param i32 i32)))
      (func (export "sixteen") (result i32)
        (call $sixteen
          (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
          (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 25)))
      (func (export "seventeen") (param i32 i32) (result i32)
        (call $fill (i32.const 256))
        (call $seventeen (local.get 0) (local.get 1))
        (i32.sub (i32.load (local.get 1)) (i32.load offset=4 (local.get 1)))))
    (core instance $m (instantiate $M (with "" (instance
      (export "memory" (memory $memory "memory")) (export "fill" (func $memory "fill"))
      (export "sixteen" (func $sixteen)) (export "seventeen" (func $seventeen))))))
    (func (export "sixteen") (result u32) (canon lift (core func $m "sixteen")))
    (func (export "seventeen") (param "from" u32) (param "to" u32) (result s32) (canon lift (core func $m "seventeen"))))
  (instance $caller (instantiate $Caller
    (with "sixteen" (func $callee "sixteen")) (with "seventeen" (func $callee "seventeen"))))
  (export "sixteen" (func $caller "sixteen"))
  (export "seventeen" (func $caller "seventeen")))
(component instance $m $Many)
(assert_return (invoke "sixteen") (u32.const 20))
(assert_return (invoke "seventeen" (u32.const 256) (u32.const 512)) (s32.const 48))
;; At the memory's end, behind it, and not aligned.
(assert_return (invoke "seventeen" (u32.const 256) (u32.const 65528)) (s32.const 48))
(assert_trap (invoke "seventeen" (u32.const 258) (u32.const 512)) "")
(component instance $m $Many)
(assert_trap (invoke "seventeen" (u32.const 256) (u32.const 513)) "")
(component instance $m $Many)
(assert_trap (invoke "seventeen" (u32.const 65472) (u32.const 512)) "")
(component instance $m $Many)
(assert_trap (invoke "seventeen" (u32.const 256) (u32.const 65532)) "")
