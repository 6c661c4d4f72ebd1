;; What weft refuses by name, although it is valid: what needs a heap that threads share, and what the text and binary
;; formats of the tools do not have.
;;! shared-everything = true

;; It is valid (see shared-atomics-validation.wast), and refused when it is to run.
;;; SETV-18 SETV-06
(assert_unlinkable
  (module
    (type $s (shared (struct (field (mut i32)))))
    (func (export "run") (result i32) (struct.get $s 0 (struct.new $s (i32.const 1)))))
  "struct")
;;; SETV-18 SETV-06
(assert_unlinkable
  (module
    (type $a (shared (array (mut i64))))
    (func (export "run") (result i32) (array.len (array.new $a (i64.const 1) (i32.const 3)))))
  "array")
;;; SETV-20
(assert_unlinkable
  (module
    (func (export "run") (result i32) (i31.get_s (ref.i31_shared (i32.const 1)))))
  "i31")
;;; SETV-20
(assert_unlinkable
  (module
    (global (shared mut (ref null (shared i31))) (ref.null (shared i31))))
  "i31")
;;; SETV-20
(assert_unlinkable
  (module
    (global (shared mut (ref null (shared extern))) (ref.null (shared extern))))
  "extern")
;;; SETV-20
(assert_unlinkable
  (module
    (table shared 1 (ref null (shared extern))))
  "extern")
;;; SETV-20
(assert_unlinkable
  (module
    (table shared 1 (ref null (shared any))))
  "any")
;;; SETV-17
(assert_unlinkable
  (module
    (table shared 1 (ref null (shared eq)))
    (func (drop (table.atomic.get seq_cst 0 (i32.const 0)))))
  "eq")
;;; SETV-16
(assert_unlinkable
  (module
    (global $g (shared mut (ref null (shared any))) (ref.null (shared any)))
    (func (drop (global.atomic.get seq_cst $g))))
  "any")

;; In a component, too.
;;; SETV-18
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $s (shared (struct (field (mut i32)))))
      (func (export "run") (result i32) (struct.get $s 0 (struct.new $s (i32.const 1)))))
    (core instance (instantiate $Main)))
  "struct")

;; No tool writes these.
;;; SETV-14 SETS-06
(assert_malformed
  (module quote "(global (thread_local (mut i32)) (i32.const 0))")
  "expected")
;;; SETV-15 SETS-08
(assert_malformed
  (module quote "(type (struct (field (ref null (shared waitqueue)))))")
  "expected")
;;; SETV-15 SETS-08
(assert_malformed
  (module quote "(func (drop (waitqueue.new)))")
  "unknown operator")
