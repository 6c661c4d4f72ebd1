;; Several core modules of a component share memories, tables, globals and functions through imports; several memories in
;; one module; memories of 64 bits.
;;! shared-everything = true

;; The thread's function, the state and the entry are in three modules, and the state is in use under several names.
(component definition $Modules
  (core module $State
    (memory (export "memory") 1 1 shared)
    (memory (export "other-memory") 1 2 shared)
    (table (export "functions") shared 4 4 (ref null (shared func)))
    (global (export "counter") (shared mut i64) (i64.const 100))
    (global (export "vector") (shared mut v128) (v128.const i64x2 0 0))
    (data (i32.const 16) "\07\00\00\00"))
  (core instance $state (instantiate $State))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn))
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))

  (core module $Worker
    (type $start (shared (func (param i32))))
    (type $step (shared (func (param i32) (result i32))))
    (type $get (shared (func (result i32))))
    (import "state" "memory" (memory $memory 1 1 shared))
    (import "state" "other-memory" (memory $other 1 2 shared))
    (import "state" "functions" (table $functions shared 4 4 (ref null (shared func))))
    (import "state" "counter" (global $counter (shared mut i64)))
    (import "state" "vector" (global $vector (shared mut v128)))
    (import "context" "get" (func $get (type $get)))
    (import "context" "set" (func $set (type $start)))
    (global $own (shared mut i32) (i32.const 0))
    ;; In the other memory: 0: how many threads are done.
    (func $work (type $start) (param $number i32)
      (call $set (local.get $number))
      (drop (global.atomic.rmw.add seq_cst $counter (i64.extend_i32_u (call $get))))
      (drop (global.atomic.rmw.add seq_cst $own (i32.const 1)))
      (global.set $vector (i64x2.splat (i64.const 5)))
      ;; The third function is the entry module's.
      (drop (i32.atomic.rmw.add $memory (i32.const 16)
        (call_indirect $functions (type $step) (local.get $number) (i32.const 2))))
      (drop (i32.atomic.rmw.add $other (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify $other (i32.const 0) (i32.const -1))))
    (func (export "own") (type $get) (result i32) (global.get $own))
    (elem (table $functions) (i32.const 0) (ref null (shared func)) (ref.func $work)))
  (core instance $worker (instantiate $Worker
    (with "state" (instance $state))
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))

  (core module $Entry
    (type (func (result i32)))
    (type (func (param i32)))
    (type (func (param i32) (result i32)))
    (type $get (shared (func (result i32))))
    (type $step (shared (func (param i32) (result i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    ;; The memories in the other order.
    (import "state" "other-memory" (memory $other 1 2 shared))
    (import "state" "memory" (memory $memory 1 1 shared))
    (import "state" "functions" (table $functions shared 4 4 (ref null (shared func))))
    (import "state" "vector" (global $vector (shared mut v128)))
    (import "state" "counter" (global $counter (shared mut i64)))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "worker" "own" (func $own (type $get)))
    (func $step (type $step) (param $number i32) (result i32) (i32.mul (local.get $number) (i32.const 2)))
    (elem (table $functions) (i32.const 2) (ref null (shared func)) (ref.func $step))
    (func (export "run") (param $threads i32) (result i32)
      (local $each i32) (local $seen i32)
      (i32.atomic.store $other (i32.const 0) (i32.const 0))
      (local.set $each (local.get $threads))
      (loop $again
        (drop (call $spawn (i32.const 0) (local.get $each)))
        (local.set $each (i32.sub (local.get $each) (i32.const 1)))
        (br_if $again (local.get $each)))
      (loop $again
        (local.set $seen (i32.atomic.load $other (i32.const 0)))
        (if (i32.ne (local.get $seen) (local.get $threads))
          (then
            (drop (memory.atomic.wait32 $other (i32.const 0) (local.get $seen) (i64.const -1)))
            (br $again))))
      (i32.load $memory (i32.const 16)))
    (func (export "counter") (result i64) (global.get $counter))
    (func (export "vector") (result i64) (i64x2.extract_lane 1 (global.get $vector)))
    (func (export "own") (result i32) (call $own))
    ;; Growth, fill, and copies between memories.
    (func (export "grow") (result i32)
      (if (i32.ne (memory.grow $memory (i32.const 1)) (i32.const -1)) (then unreachable))
      (if (i32.ne (memory.grow $other (i32.const 1)) (i32.const 1)) (then unreachable))
      (memory.fill $other (i32.const 65536) (i32.const 9) (i32.const 4))
      (memory.copy $memory $other (i32.const 32) (i32.const 65536) (i32.const 4))
      (i32.add
        (i32.mul (memory.size $other) (i32.const 10))
        (i32.eq (i32.load $memory (i32.const 32)) (i32.const 0x09090909))))
    (func (export "beyond-one") (drop (i32.load $memory (i32.const 65536))))
    (func (export "beyond-other") (drop (i32.load $other (i32.const 131072)))))
  (core instance $entry (instantiate $Entry
    (with "state" (instance $state))
    (with "worker" (instance $worker))
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "run") (param "threads" u32) (result u32) (canon lift (core func $entry "run")))
  (func (export "counter") (result u64) (canon lift (core func $entry "counter")))
  (func (export "vector") (result u64) (canon lift (core func $entry "vector")))
  (func (export "own") (result u32) (canon lift (core func $entry "own")))
  (func (export "grow") (result u32) (canon lift (core func $entry "grow")))
  (func (export "beyond-one") (canon lift (core func $entry "beyond-one")))
  (func (export "beyond-other") (canon lift (core func $entry "beyond-other"))))

(component instance $modules $Modules)
;; 7 and twice the sum of 1 to 20.
;;; SETV-07 CTX-18
(assert_return (invoke $modules "run" (u32.const 20)) (u32.const 427))
;;; SETV-16 SETS-01
(assert_return (invoke $modules "counter") (u64.const 310))
;;; SETS-02
(assert_return (invoke $modules "vector") (u64.const 5))
;;; SETV-16
(assert_return (invoke $modules "own") (u32.const 20))
(assert_return (invoke $modules "grow") (u32.const 21))
(assert_trap (invoke $modules "beyond-one") "out of bounds memory access")
(component instance $modules $Modules)
(assert_return (invoke $modules "grow") (u32.const 21))
(assert_trap (invoke $modules "beyond-other") "out of bounds memory access")

;; One core module instantiated twice has two states; the threads of each use their own.
(component definition $Twice
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Counter
    (type (func (param i32) (result i32)))
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (memory 1 1 shared)
    (global $sum (shared mut i32) (i32.const 0))
    (table $t shared 1 1 (ref null $start))
    (func $add (type $start) (param $number i32)
      (drop (global.atomic.rmw.add seq_cst $sum (local.get $number)))
      (table.set $t (i32.const 0) (ref.func $add))
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem declare (ref null $start) (ref.func $add))
    (func (export "add") (param $number i32) (result i32)
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (drop (call $spawn (ref.func $add) (local.get $number)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (i32.add (global.get $sum) (ref.is_null (table.get $t (i32.const 0))))))
  (core instance $one (instantiate $Counter (with "thread" (instance (export "spawn" (func $spawn))))))
  (core instance $two (instantiate $Counter (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "one") (param "number" u32) (result u32) (canon lift (core func $one "add")))
  (func (export "two") (param "number" u32) (result u32) (canon lift (core func $two "add"))))

(component instance $twice $Twice)
;;; SETV-07
(assert_return (invoke $twice "one" (u32.const 5)) (u32.const 5))
;;; SETV-07
(assert_return (invoke $twice "two" (u32.const 30)) (u32.const 30))
;;; SETV-07
(assert_return (invoke $twice "one" (u32.const 6)) (u32.const 11))
;;; SETV-07
(assert_return (invoke $twice "two" (u32.const 1)) (u32.const 31))

;; A memory of 64 bits.
(component definition $Wide
  (core type $start (shared (func (param i64))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Main
    (type (func (param i64) (result i64)))
    (type $start (shared (func (param i64))))
    (type $spawn (shared (func (param (ref null $start) i64) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (memory i64 1 2 shared)
    (data $bytes "\2a")
    (func $writes (type $start) (param $at i64)
      (i64.atomic.store (local.get $at) (i64.const 0x0123456789abcdef))
      (memory.init $bytes (i64.add (local.get $at) (i64.const 8)) (i32.const 0) (i32.const 1))
      (memory.fill (i64.add (local.get $at) (i64.const 9)) (i32.const 1) (i64.const 3))
      (drop (memory.grow (i64.const 1)))
      (i32.atomic.store (i64.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i64.const 0) (i32.const -1))))
    (elem declare (ref null $start) (ref.func $writes))
    (func (export "write") (param $at i64) (result i64)
      (i32.atomic.store (i64.const 0) (i32.const 0))
      (drop (call $spawn (ref.func $writes) (local.get $at)))
      (drop (memory.atomic.wait32 (i64.const 0) (i32.const 0) (i64.const -1)))
      (i64.add (i64.load (local.get $at)) (i64.load32_u (i64.add (local.get $at) (i64.const 8)))))
    (func (export "size") (param i64) (result i64) (memory.size))
    (func (export "load") (param $at i64) (result i64) (i64.load (local.get $at))))
  (core instance $main (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "write") (param "at" u64) (result u64) (canon lift (core func $main "write")))
  (func (export "size") (param "unused" u64) (result u64) (canon lift (core func $main "size")))
  (func (export "load") (param "at" u64) (result u64) (canon lift (core func $main "load"))))

(component instance $wide $Wide)
;;; SPAWN-REF-06
(assert_return (invoke $wide "write" (u64.const 64)) (u64.const 0x012345678aaccf19))
(assert_return (invoke $wide "size" (u64.const 0)) (u64.const 2))
(assert_return (invoke $wide "load" (u64.const 131064)) (u64.const 0))
(assert_trap (invoke $wide "load" (u64.const 0x100000040)) "out of bounds memory access")
(component instance $wide $Wide)
;;; SETS-10
(assert_trap (invoke $wide "write" (u64.const 0xfffffffffffffff8)) "out of bounds memory access")
