;; `post-return`: what it is given, when it runs, and what it may not do.

;; The core result, of each core type, once the value is lifted.
(component
  (core module $M
    (global $seen (mut i64) (i64.const -1))
    (func (export "i32") (result i32) (i32.const 7))
    (func (export "i64") (result i64) (i64.const 0x100000007))
    (func (export "f32") (result f32) (f32.const 1.5))
    (func (export "f64") (result f64) (f64.const 2.5))
    (func (export "none"))
    (func (export "after-i32") (param i32) (global.set $seen (i64.extend_i32_u (local.get 0))))
    (func (export "after-i64") (param i64) (global.set $seen (local.get 0)))
    (func (export "after-f32") (param f32) (global.set $seen (i64.trunc_f32_s (f32.mul (local.get 0) (f32.const 2)))))
    (func (export "after-f64") (param f64) (global.set $seen (i64.trunc_f64_s (f64.mul (local.get 0) (f64.const 2)))))
    (func (export "after-none") (global.set $seen (i64.const 99)))
    (func (export "seen") (result i64) (global.get $seen)))
  (core instance $m (instantiate $M))
  (func (export "i32") (result u8) (canon lift (core func $m "i32") (post-return (func $m "after-i32"))))
  (func (export "i64") (result u64) (canon lift (core func $m "i64") (post-return (func $m "after-i64"))))
  (func (export "f32") (result f32) (canon lift (core func $m "f32") (post-return (func $m "after-f32"))))
  (func (export "f64") (result f64) (canon lift (core func $m "f64") (post-return (func $m "after-f64"))))
  (func (export "none") (canon lift (core func $m "none") (post-return (func $m "after-none"))))
  (func (export "seen") (result u64) (canon lift (core func $m "seen"))))
(assert_return (invoke "i32") (u8.const 7))
(assert_return (invoke "seen") (u64.const 7))
(assert_return (invoke "i64") (u64.const 0x100000007))
(assert_return (invoke "seen") (u64.const 0x100000007))
(assert_return (invoke "f32") (f32.const 1.5))
(assert_return (invoke "seen") (u64.const 3))
(assert_return (invoke "f64") (f64.const 2.5))
(assert_return (invoke "seen") (u64.const 5))
(assert_return (invoke "none"))
(assert_return (invoke "seen") (u64.const 99))

;; In a call between components: the caller has its copy before the callee frees the original.
(component
  (component $Callee
    (core module $M
      (memory (export "memory") 1)
      (data (i32.const 100) "kept")
      (global $freed (mut i32) (i32.const 0))
      (func (export "text") (result i32)
        (i32.store (i32.const 8) (i32.const 100))
        (i32.store (i32.const 12) (i32.const 4))
        (i32.const 8))
      (func (export "free") (param i32)
        (memory.fill (i32.load (local.get 0)) (i32.const 120) (i32.load offset=4 (local.get 0)))
        (global.set $freed (i32.add (global.get $freed) (i32.const 1))))
      (func (export "freed") (result i32) (global.get $freed)))
    (core instance $m (instantiate $M))
    (func (export "text") (result string)
      (canon lift (core func $m "text") (memory $m "memory") (post-return (func $m "free"))))
    (func (export "freed") (result u32) (canon lift (core func $m "freed"))))
  (instance $callee (instantiate $Callee))
  (component $Caller
    (import "text" (func $text (result string)))
    (core module $Memory
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 512)))
    (core instance $memory (instantiate $Memory))
    (core func $text (canon lower (func $text) (memory $memory "memory") (realloc (func $memory "realloc"))))
    (core module $M
      (import "" "text" (func $text (param i32)))
      (func (export "text") (result i32) (call $text (i32.const 32)) (i32.const 32)))
    (core instance $m (instantiate $M (with "" (instance (export "text" (func $text))))))
    (func (export "text") (result string) (canon lift (core func $m "text") (memory $memory "memory"))))
  (instance $caller (instantiate $Caller (with "text" (func $callee "text"))))
  (export "text" (func $caller "text"))
  (export "freed" (func $callee "freed")))
(assert_return (invoke "text") (str.const "kept"))
(assert_return (invoke "freed") (u32.const 1))
(assert_return (invoke "text") (str.const "xxxx"))
(assert_return (invoke "freed") (u32.const 2))

;; It does not run if the value traps, and a trap in it is the call's.
(component definition $Traps
  (core module $M
    (func (export "bad") (result i32) (i32.const 0x110000))
    (func (export "good") (result i32) (i32.const 0x61))
    (func (export "after") (param i32) (unreachable)))
  (core instance $m (instantiate $M))
  (func (export "bad") (result char) (canon lift (core func $m "bad") (post-return (func $m "after"))))
  (func (export "good") (result char) (canon lift (core func $m "good") (post-return (func $m "after")))))
(component instance $t $Traps)
(assert_trap (invoke "bad") "integer out of range")
(component instance $t $Traps)
(assert_trap (invoke "good") "unreachable")
(assert_trap (invoke "good") "cannot enter component instance")

;; Its type must fit, and only lifts have one.
(assert_invalid
  (component
    (core module $M (func (export "f") (result i32) (i32.const 0)) (func (export "after") (param i64)))
    (core instance $m (instantiate $M))
    (func (export "f") (result u32) (canon lift (core func $m "f") (post-return (func $m "after")))))
  "canonical option `post-return` uses a core function with an incorrect signature")
(assert_invalid
  (component
    (core module $M (func (export "f")) (func (export "after") (result i32) (i32.const 0)))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f") (post-return (func $m "after")))))
  "canonical option `post-return` uses a core function with an incorrect signature")
(assert_invalid
  (component
    (import "f" (func $f))
    (core module $M (func (export "after")))
    (core instance $m (instantiate $M))
    (core func (canon lower (func $f) (post-return (func $m "after")))))
  "canonical option `post-return` cannot be specified for lowerings")
