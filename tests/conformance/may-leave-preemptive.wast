;; Built-ins that trap while the component instance may not be left, in a component with preemptive threads. The instance
;; may not be left during post-return and realloc.
;;! shared-everything = true

(component definition $Leave
  (core module $Functions (table (export "functions") shared 2 2 (ref null (shared func))))
  (core instance $functions (instantiate $Functions))
  (core type $start (shared (func (param i32))))
  (canon thread.index (core func $index))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend (core func $suspend))
  (canon thread.yield (core func $yield))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (canon thread.yield-then-resume (core func $yield-then-resume))
  (canon thread.suspend-then-promote (core func $suspend-then-promote))
  (canon thread.yield-then-promote (core func $yield-then-promote))
  (canon thread.spawn-ref shared $start (core func $spawn-ref))
  (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func $spawn-indirect))
  (canon thread.available-parallelism shared (core func $available-parallelism))
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))

  (core module $Main
    (type (func (param i32)))
    (type (func (result i32)))
    (type (func (param i32) (result i32)))
    (type $start (shared (func (param i32))))
    (type $get (shared (func (result i32))))
    (type $change (shared (func (param i32) (result i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $spawn-ref (shared (func (param (ref null $start) i32) (result i32))))
    (import "thread" "index" (func $index (type $get)))
    (import "thread" "new" (func $new (type $spawn)))
    (import "thread" "resume-later" (func $resume-later (type $start)))
    (import "thread" "suspend" (func $suspend (type $get)))
    (import "thread" "yield" (func $yield (type $get)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (type $change)))
    (import "thread" "yield-then-resume" (func $yield-then-resume (type $change)))
    (import "thread" "suspend-then-promote" (func $suspend-then-promote (type $change)))
    (import "thread" "yield-then-promote" (func $yield-then-promote (type $change)))
    (import "thread" "spawn-ref" (func $spawn-ref (type $spawn-ref)))
    (import "thread" "spawn-indirect" (func $spawn-indirect (type $spawn)))
    (import "thread" "available-parallelism" (func $available-parallelism (type $get)))
    (import "context" "get" (func $get (type $get)))
    (import "context" "set" (func $set (type $start)))
    (memory (export "memory") 1 1 shared)
    ;; Wrong operands would be a trap of another kind, if the call were let through.
    (func $leave (param $which i32)
      (block $11 (block $10 (block $9 (block $8 (block $7 (block $6 
      (block $5 (block $4 (block $3 (block $2 (block $1 (block $0
        (br_table $0 $1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11 (local.get $which)))
        (drop (call $index)) (return))
        (drop (call $new (i32.const 99) (i32.const 0))) (return))
        (call $resume-later (i32.const 99)) (return))
        (drop (call $suspend)) (return))
        (drop (call $yield)) (return))
        (drop (call $suspend-then-resume (i32.const 99))) (return))
        (drop (call $yield-then-resume (i32.const 99))) (return))
        (drop (call $suspend-then-promote (i32.const 99))) (return))
        (drop (call $yield-then-promote (i32.const 99))) (return))
        (drop (call $spawn-ref (ref.null $start) (i32.const 0))) (return))
        (drop (call $spawn-indirect (i32.const 99) (i32.const 0))) (return))
      (if (i32.lt_s (call $available-parallelism) (i32.const 1)) (then unreachable))
      (call $set (i32.const 5))
      (if (i32.ne (call $get) (i32.const 5)) (then unreachable)))
    (func (export "post-return") (param $which i32) (result i32) (local.get $which))
    (func (export "leave") (param $which i32) (call $leave (local.get $which)))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (call $leave (local.get 3)) (i32.const 64))
    (func (export "ignore") (param i32 i32))
    (func (export "index") (result i32) (call $index)))

  (core instance $main (instantiate $Main
    (with "thread" (instance
      (export "index" (func $index))
      (export "new" (func $new))
      (export "resume-later" (func $resume-later))
      (export "suspend" (func $suspend))
      (export "yield" (func $yield))
      (export "suspend-then-resume" (func $suspend-then-resume))
      (export "yield-then-resume" (func $yield-then-resume))
      (export "suspend-then-promote" (func $suspend-then-promote))
      (export "yield-then-promote" (func $yield-then-promote))
      (export "spawn-ref" (func $spawn-ref))
      (export "spawn-indirect" (func $spawn-indirect))
      (export "available-parallelism" (func $available-parallelism))))
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
  (func (export "post-return") (param "which" u32) (result u32)
    (canon lift (core func $main "post-return") (post-return (core func $main "leave"))))
  ;; What `realloc` does is what the length of the text says.
  (func (export "realloc") (param "text" string)
    (canon lift (core func $main "ignore") (memory (core memory $main "memory")) (realloc (core func $main "realloc"))))
  (func (export "index") (result u32) (canon lift (core func $main "index"))))

;; This is checked before all else.
(component instance $leave $Leave)
;;; IDX-03 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 0)) "cannot leave component instance")
(component instance $leave $Leave)
;;; NEW-06 NEW-07 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 1)) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 2)) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 3)) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 4)) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 5)) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 6)) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 7)) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 8)) "cannot leave component instance")
(component instance $leave $Leave)
;;; SPAWN-REF-09 SPAWN-REF-10 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 9)) "cannot leave component instance")
(component instance $leave $Leave)
;;; SPAWN-IND-11 LV-01 LV-02
(assert_trap (invoke $leave "post-return" (u32.const 10)) "cannot leave component instance")

;; So it is in realloc.
(component instance $leave $Leave)
;;; NEW-06 NEW-07 LV-01 LV-02
(assert_trap (invoke $leave "realloc" (str.const "x")) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "realloc" (str.const "xx")) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "realloc" (str.const "xxx")) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "realloc" (str.const "xxxx")) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "realloc" (str.const "xxxxx")) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "realloc" (str.const "xxxxxx")) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "realloc" (str.const "xxxxxxx")) "cannot leave component instance")
(component instance $leave $Leave)
;;; SCH-03 LV-01 LV-02
(assert_trap (invoke $leave "realloc" (str.const "xxxxxxxx")) "cannot leave component instance")
(component instance $leave $Leave)
;;; SPAWN-REF-09 SPAWN-REF-10 LV-01 LV-02
(assert_trap (invoke $leave "realloc" (str.const "xxxxxxxxx")) "cannot leave component instance")
(component instance $leave $Leave)
;;; SPAWN-IND-11 LV-01 LV-02
(assert_trap (invoke $leave "realloc" (str.const "xxxxxxxxxx")) "cannot leave component instance")

;; Those of the context and available-parallelism may be called at any time.
(component instance $leave $Leave)
;;; CTX-16 PAR-07 LV-03
(assert_return (invoke $leave "post-return" (u32.const 11)) (u32.const 11))
;;; CTX-16 PAR-07 LV-03
(assert_return (invoke $leave "realloc" (str.const "xxxxxxxxxxx")))
;; The instance may be left again after the call.
;;; LV-01
(assert_return (invoke $leave "index") (u32.const 1))

;; A thread that runs in parallel is not concerned by what the call's thread may not do in its post-return. The thread waits for
;; the post-return to begin, which waits for what the thread does; `seen` is the index that it got.
(component definition $Other
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (canon thread.index (core func $index))
  (core module $M
    (type (func)) (type (func (result i32))) (type (func (param i32)))
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (type $index (shared (func (result i32))))
    (import "" "spawn" (func $spawn (type $spawn)))
    (import "" "index" (func $index (type $index)))
    (memory 1 1 shared)
    (elem declare func $waits)
    (func $waits (type $start)
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (i32.atomic.store (i32.const 8) (call $index))
      (i32.atomic.store (i32.const 4) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 4) (i32.const 1))))
    (func (export "go") (result i32) (drop (call $spawn (ref.func $waits) (i32.const 0))) (i32.const 7))
    (func (export "post") (param i32)
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1))))
    (func (export "seen") (result i32) (i32.atomic.load (i32.const 8))))
  (core instance $m (instantiate $M (with "" (instance (export "spawn" (func $spawn)) (export "index" (func $index))))))
  (func (export "go") (result s32) (canon lift (core func $m "go") (post-return (core func $m "post"))))
  (func (export "seen") (result s32) (canon lift (core func $m "seen"))))
(component instance $other $Other)
;;; LV-04
(assert_return (invoke $other "go") (s32.const 7))
;;; LV-04
(assert_return (invoke $other "seen") (s32.const 2))
