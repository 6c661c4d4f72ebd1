;; What is valid and refused by name: what needs a heap that threads share, and what no text or binary format of the tools
;; has.
;;! shared-everything = true

;; Valid (see shared-atomics-validation.wast), and refused when it is to run on several threads.
;;; SETV-18
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $s (shared (struct (field (mut i32)))))
      (func (result i32) (struct.get $s 0 (struct.new $s (i32.const 1)))))
    (core instance (instantiate $Main)))
  "shared struct")
;;; SETV-18
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $a (shared (array (mut i64))))
      (func (result i32) (array.len (array.new $a (i64.const 1) (i32.const 3)))))
    (core instance (instantiate $Main)))
  "shared array")
;;; SETV-18
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $s (shared (struct (field (mut i32)))))
      (func (param (ref $s)) (result i32) (struct.atomic.rmw.add seq_cst $s 0 (local.get 0) (i32.const 1))))
    (core instance (instantiate $Main)))
  "shared struct")
;;; SETV-20
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (func (result i32) (i31.get_s (ref.i31_shared (i32.const 1)))))
    (core instance (instantiate $Main)))
  "i31")
;;; SETV-20
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (global (shared mut (ref null (shared i31))) (ref.null (shared i31))))
    (core instance (instantiate $Main)))
  "i31")
;;; SETV-20
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (global (shared mut (ref null (shared extern))) (ref.null (shared extern))))
    (core instance (instantiate $Main)))
  "extern")
;;; SETV-20
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (table shared 1 (ref null (shared extern))))
    (core instance (instantiate $Main)))
  "extern")
;;; SETV-20
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (table shared 1 (ref null (shared any))))
    (core instance (instantiate $Main)))
  "any")
;;; SETV-20
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $f (shared (func (param (ref null (shared extern))))))
      (func (type $f)))
    (core instance (instantiate $Main)))
  "extern")
;;; SETV-17
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (table shared 1 (ref null (shared eq)))
      (func (drop (table.atomic.get seq_cst 0 (i32.const 0)))))
    (core instance (instantiate $Main)))
  "eq")
;;; SETV-16
(assert_unlinkable
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (global $g (shared mut (ref null (shared any))) (ref.null (shared any)))
      (func (drop (global.atomic.get seq_cst $g))))
    (core instance (instantiate $Main)))
  "any")

;; No tool writes these. A thread-local global has a bit in the binary format.
;;; SETV-14 SETS-06
(assert_malformed
  (module quote "(global (thread_local (mut i32)) (i32.const 0))")
  "thread-local globals are not supported (rule SETV-14)")
;;; SETV-15 SETS-08
(assert_malformed
  (module quote "(type (struct (field (ref null (shared waitqueue)))))")
  "waiter queues are not supported (rule SETV-15)")
;;; SETV-15 SETS-08
(assert_malformed
  (module quote "(func (drop (waitqueue.new)))")
  "waiter queues are not supported (rule SETV-15)")
;;; SETV-14 SETS-06
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\06\06\01"                  ;; globals
      "\7f\05\41\00\0b")          ;; i32, thread-local, variable
  "SETV-14")
