;; Which context.get and context.set are valid, and their encoding.

;;; CTX-02 CTX-03 CTX-07
(component
  (canon context.get i32 0 (core func $get0))
  (canon context.get i32 1 (core func $get1))
  (canon context.set i32 0 (core func $set0))
  (core func $set1 (canon context.set i32 1))
  (core module $Main
    (import "context" "get0" (func (result i32)))
    (import "context" "get1" (func (result i32)))
    (import "context" "set0" (func (param i32)))
    (import "context" "set1" (func (param i32))))
  (core instance (instantiate $Main
    (with "context" (instance
      (export "get0" (func $get0))
      (export "get1" (func $get1))
      (export "set0" (func $set0))
      (export "set1" (func $set1)))))))

;; Slots 0 and 1.
;;; CTX-03
(assert_invalid
  (component (canon context.get i32 2 (core func)))
  "immediate must be zero or one")
;;; CTX-03
(assert_invalid
  (component (canon context.set i32 2 (core func)))
  "immediate must be zero or one")
;;; CTX-03
(assert_invalid
  (component (canon context.set i32 0xffffffff (core func)))
  "immediate must be zero or one")

;; i32 and i64, and nothing else. (For slots of 64 bits see context-preemptive.wast and cooperative-differences.wast.)
;;; CTX-04
(assert_invalid
  (component (canon context.get f32 0 (core func)))
  "only supports `i32` or `i64`")
;;; CTX-04
(assert_invalid
  (component (canon context.set f64 0 (core func)))
  "only supports `i32` or `i64`")
;;; CTX-04
(assert_invalid
  (component (canon context.get v128 0 (core func)))
  "only supports `i32` or `i64`")
;;; CTX-04
(assert_invalid
  (component (canon context.set funcref 0 (core func)))
  "only supports `i32` or `i64`")

;; One type for all of a component, whichever the slot; another component may choose another.
;;; CTX-05
(assert_invalid
  (component
    (canon context.get i32 0 (core func))
    (canon context.set i64 0 (core func)))
  "must match previous context type")
;;; CTX-05
(assert_invalid
  (component
    (canon context.set i64 0 (core func))
    (canon context.set i32 1 (core func)))
  "must match previous context type")
;;; CTX-05 CTX-06
(assert_invalid
  (component
    (canon context.get i32 0 (core func))
    (component
      (canon context.get i64 0 (core func))
      (canon context.get i32 0 (core func))))
  "must match previous context type")

;; get takes nothing and gives the value; set takes it and gives nothing.
;;; CTX-07
(assert_invalid
  (component
    (canon context.get i32 0 (core func $get))
    (core module $Main (import "context" "get" (func (param i32) (result i32))))
    (core instance (instantiate $Main (with "context" (instance (export "get" (func $get)))))))
  "type mismatch")
;;; CTX-07
(assert_invalid
  (component
    (canon context.get i64 0 (core func $get))
    (core module $Main (import "context" "get" (func (result i32))))
    (core instance (instantiate $Main (with "context" (instance (export "get" (func $get)))))))
  "type mismatch")
;;; CTX-07
(assert_invalid
  (component
    (canon context.set i32 0 (core func $set))
    (core module $Main (import "context" "set" (func (param i32) (result i32))))
    (core instance (instantiate $Main (with "context" (instance (export "set" (func $set)))))))
  "type mismatch")

;; 0x0a is get and 0x0b is set; a value type and a slot follow.
;;; CTX-01 CTX-07
(component binary
  "\00asm" "\0d\00\01\00"
  "\08\07\02"                   ;; two canonical definitions
  "\0a\7f\00"                   ;; context.get i32 0
  "\0b\7f\01"                   ;; context.set i32 1
  "\01\26"                      ;; a core module
  "\00asm" "\01\00\00\00"
  "\01\09\02"                   ;; two types
  "\60\00\01\7f"                ;; [] -> [i32]
  "\60\01\7f\00"                ;; [i32] -> []
  "\02\11\02"                   ;; two imports
  "\01c\03get\00\00"
  "\01c\03set\00\01"
  "\02\16\02"                   ;; two core instances
  "\01\02"                      ;; the definitions as exports
  "\03get\00\00"
  "\03set\00\01"
  "\00\00\01\01c\12\00")        ;; the module, with "c" from the first one
;;; CTX-01 CTX-03
(assert_invalid
  (component binary
    "\00asm" "\0d\00\01\00"
    "\08\04\01"
    "\0a\7f\02")                ;; context.get i32 2
  "immediate must be zero or one")
;;; CTX-01 CTX-04
(assert_invalid
  (component binary
    "\00asm" "\0d\00\01\00"
    "\08\04\01"
    "\0b\7d\00")                ;; context.set f32 0
  "only supports `i32` or `i64`")
