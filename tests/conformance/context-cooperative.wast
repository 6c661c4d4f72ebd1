;; context.get and context.set in cooperative components: the slots are each thread's own, and every call of a lifted
;; function, of realloc and of a destructor is a thread.

(component definition $Threads
  (core module $Table (table (export "functions") 4 4 funcref))
  (core instance $table (instantiate $Table))
  (core type $start (func (param i32)))
  (canon thread.new-indirect $start (core table $table "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.suspend (core func $suspend))
  (canon thread.yield (core func $yield))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (canon context.get i32 0 (core func $get0))
  (canon context.set i32 0 (core func $set0))
  (canon context.get i32 1 (core func $get1))
  (canon context.set i32 1 (core func $set1))

  (core module $Other
    (import "context" "get0" (func $get0 (result i32)))
    (import "context" "set1" (func $set1 (param i32)))
    (func (export "get0") (result i32) (call $get0))
    (func (export "set1") (param $value i32) (call $set1 (local.get $value))))
  (core instance $other (instantiate $Other
    (with "context" (instance (export "get0" (func $get0)) (export "set1" (func $set1))))))

  (core module $Main
    (type $start (func (param i32)))
    (import "table" "functions" (table $functions 4 4 funcref))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "yield" (func $yield (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (param i32) (result i32)))
    (import "context" "get0" (func $get0 (result i32)))
    (import "context" "set0" (func $set0 (param i32)))
    (import "context" "get1" (func $get1 (result i32)))
    (import "context" "set1" (func $set1 (param i32)))
    (import "other" "get0" (func $other-get0 (result i32)))
    (import "other" "set1" (func $other-set1 (param i32)))

    (global $main (mut i32) (i32.const 0))
    (global $seen (mut i32) (i32.const 0))

    ;; Tells what it finds in its slots, and leaves something in them.
    (func $leaves (type $start) (param i32)
      (global.set $seen (i32.or (call $get0) (call $get1)))
      (call $set0 (i32.const 11))
      (call $set1 (i32.const 12))
      (call $resume-later (global.get $main)))
    ;; Comes back to the first thread with its slots set, is resumed, and tells what they hold.
    (func $keeps (type $start) (param $value i32)
      (call $set0 (local.get $value))
      (call $set1 (i32.const 1))
      (drop (call $suspend-then-resume (global.get $main)))
      (global.set $seen (i32.add (call $get0) (call $get1)))
      (call $resume-later (global.get $main)))
    (elem (table $functions) (i32.const 0) func $leaves $keeps)

    (func (export "entry") (result i32)
      (local $entry i32)
      (local.set $entry (i32.or (call $get0) (call $get1)))
      (call $set0 (i32.const 5))
      (call $set1 (i32.const 6))
      (local.get $entry))
    (func (export "separate") (result i32)
      (call $set0 (i32.const 500))
      (call $set1 (i32.const 6))
      (i32.add (call $get0) (call $get1)))
    (func (export "other-module") (result i32)
      (call $set0 (i32.const 5))
      (call $other-set1 (i32.const 60))
      (i32.add (call $other-get0) (call $get1)))

    ;; What a new thread sees, of several that have the same index one after the other.
    (func (export "new") (param $threads i32) (result i32)
      (local $each i32) (local $seen i32)
      (global.set $main (call $index))
      (call $set0 (i32.const 7))
      (call $set1 (i32.const 8))
      (loop $again
        (drop (call $suspend-then-resume (call $new (i32.const 0) (i32.const 0))))
        (local.set $seen (i32.or (local.get $seen) (global.get $seen)))
        (local.set $each (i32.add (local.get $each) (i32.const 1)))
        (br_if $again (i32.ne (local.get $each) (local.get $threads))))
      (if (i32.ne (i32.add (call $get0) (call $get1)) (i32.const 15)) (then unreachable))
      (local.get $seen))

    (func (export "kept") (param $value i32) (result i32)
      (local $thread i32)
      (global.set $main (call $index))
      (local.set $thread (call $new (i32.const 1) (local.get $value)))
      (call $set0 (i32.const 7))
      (drop (call $suspend-then-resume (local.get $thread)))
      (if (i32.ne (call $get0) (i32.const 7)) (then unreachable))
      (call $resume-later (local.get $thread))
      (drop (call $suspend))
      (if (i32.ne (call $get0) (i32.const 7)) (then unreachable))
      (global.get $seen))

    (func (export "yields") (result i32)
      (call $set0 (i32.const 40))
      (call $set1 (i32.const 2))
      (drop (call $yield))
      (i32.add (call $get0) (call $get1))))

  (core instance $main (instantiate $Main
    (with "table" (instance $table))
    (with "other" (instance $other))
    (with "thread" (instance
      (export "new" (func $new))
      (export "index" (func $index))
      (export "suspend" (func $suspend))
      (export "yield" (func $yield))
      (export "resume-later" (func $resume-later))
      (export "suspend-then-resume" (func $suspend-then-resume))))
    (with "context" (instance
      (export "get0" (func $get0))
      (export "set0" (func $set0))
      (export "get1" (func $get1))
      (export "set1" (func $set1))))))
  (func (export "entry") (result u32) (canon lift (core func $main "entry")))
  (func (export "separate") (result u32) (canon lift (core func $main "separate")))
  (func (export "other-module") (result u32) (canon lift (core func $main "other-module")))
  (func (export "new") async (param "threads" u32) (result u32) (canon lift (core func $main "new")))
  (func (export "kept") async (param "value" u32) (result u32) (canon lift (core func $main "kept")))
  (func (export "yields") async (result u32) (canon lift (core func $main "yields"))))

(component instance $threads $Threads)
;;; CTX-10
(assert_return (invoke $threads "entry") (u32.const 0))
;;; CTX-10
(assert_return (invoke $threads "entry") (u32.const 0))
;;; CTX-03 CTX-08
(assert_return (invoke $threads "separate") (u32.const 506))
;;; CTX-18
(assert_return (invoke $threads "other-module") (u32.const 65))
;;; CTX-09 CTX-19 NEW-12
(assert_return (invoke $threads "new" (u32.const 5)) (u32.const 0))
;;; CTX-08 CTX-11
(assert_return (invoke $threads "kept" (u32.const 41)) (u32.const 42))
;;; CTX-11
(assert_return (invoke $threads "yields") (u32.const 42))

;; A callback runs on the thread of its task, at every turn.
(component definition $Callback
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))
  (canon task.return (result u32) (core func $return))
  (core module $Main
    (import "context" "get" (func $get (result i32)))
    (import "context" "set" (func $set (param i32)))
    (import "task" "return" (func $return (param i32)))
    (func (export "run") (param $value i32) (result i32)
      (call $set (local.get $value))
      (i32.const 1))
    ;; Counts up to ten, then returns that.
    (func (export "callback") (param i32 i32 i32) (result i32)
      (call $set (i32.add (call $get) (i32.const 1)))
      (if (i32.lt_u (call $get) (i32.const 10)) (then (return (i32.const 1))))
      (call $return (call $get))
      (i32.const 0)))
  (core instance $main (instantiate $Main
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))
    (with "task" (instance (export "return" (func $return))))))
  (func (export "run") async (param "value" u32) (result u32)
    (canon lift (core func $main "run") async (callback (core func $main "callback")))))

(component instance $callback $Callback)
;;; CTX-11 CTX-12
(assert_return (invoke $callback "run" (u32.const 5)) (u32.const 10))
;;; CTX-11 CTX-12
(assert_return (invoke $callback "run" (u32.const 70)) (u32.const 71))

;; post-return runs on the thread of its call; realloc on one of its own.
(component definition $Ends
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))
  (core module $Main
    (import "context" "get" (func $get (result i32)))
    (import "context" "set" (func $set (param i32)))
    (memory (export "memory") 1)
    (global $post-return (mut i32) (i32.const 0))
    (global $realloc (mut i32) (i32.const 0))
    (func (export "run") (param $value i32) (result i32)
      (call $set (local.get $value))
      (i32.const 0))
    (func (export "post-return") (param i32)
      (global.set $post-return (call $get))
      (call $set (i32.const 9)))
    (func (export "seen-by-post-return") (result i32) (global.get $post-return))

    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $realloc (call $get))
      (call $set (i32.const 99))
      (i32.const 16))
    (func (export "takes-text") (param i32 i32) (result i32) (call $get))
    (func (export "seen-by-realloc") (result i32) (global.get $realloc)))
  (core instance $main (instantiate $Main
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
  (func (export "run") (param "value" u32) (result u32)
    (canon lift (core func $main "run") (post-return (core func $main "post-return"))))
  (func (export "seen-by-post-return") (result u32) (canon lift (core func $main "seen-by-post-return")))
  (func (export "takes-text") (param "text" string) (result u32)
    (canon lift (core func $main "takes-text")
      (memory (core memory $main "memory")) (realloc (core func $main "realloc"))))
  (func (export "seen-by-realloc") (result u32) (canon lift (core func $main "seen-by-realloc"))))

(component instance $ends $Ends)
;;; CTX-16
(invoke $ends "run" (u32.const 8))
;;; CTX-13
(assert_return (invoke $ends "seen-by-post-return") (u32.const 8))
;;; CTX-14 CTX-16
(assert_return (invoke $ends "takes-text" (str.const "text")) (u32.const 0))
;;; CTX-14
(assert_return (invoke $ends "seen-by-realloc") (u32.const 0))

;; Calls of another component, the realloc that they need for their results, and the destructor of its resource.
(component definition $Calls
  (component $Callee
    (canon context.get i32 0 (core func $get))
    (canon context.set i32 0 (core func $set))
    (core module $Inner
      (import "context" "get" (func $get (result i32)))
      (import "context" "set" (func $set (param i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "\08\00\00\00\04\00\00\00text")
      (global $destructor (mut i32) (i32.const -1))
      (func (export "run") (result i32)
        (call $get)
        (call $set (i32.const 100)))
      (func (export "text") (result i32) (i32.const 0))
      (func (export "destructor") (param i32)
        (global.set $destructor (call $get))
        (call $set (i32.const 101)))
      (func (export "seen-by-destructor") (result i32) (global.get $destructor)))
    (core instance $inner (instantiate $Inner
      (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
    (type $resource' (resource (rep i32) (dtor (core func $inner "destructor"))))
    (canon resource.new $resource' (core func $new))
    (core module $Outer
      (import "resource" "new" (func $new (param i32) (result i32)))
      (func (export "make") (result i32) (call $new (i32.const 1))))
    (core instance $outer (instantiate $Outer
      (with "resource" (instance (export "new" (func $new))))))
    (export $resource "resource" (type $resource'))
    (func (export "make") (result (own $resource)) (canon lift (core func $outer "make")))
    (func (export "run") (result u32) (canon lift (core func $inner "run")))
    (func (export "text") (result string)
      (canon lift (core func $inner "text") (memory (core memory $inner "memory"))))
    (func (export "seen-by-destructor") (result u32) (canon lift (core func $inner "seen-by-destructor"))))
  (component $Caller
    (import "callee" (instance $callee
      (export "resource" (type $resource (sub resource)))
      (export "make" (func (result (own $resource))))
      (export "run" (func (result u32)))
      (export "text" (func (result string)))))
    (canon context.get i32 0 (core func $get))
    (canon context.set i32 0 (core func $set))
    (core module $Memory
      (import "context" "get" (func $get (result i32)))
      (import "context" "set" (func $set (param i32)))
      (memory (export "memory") 1)
      (global $realloc (mut i32) (i32.const -1))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.set $realloc (call $get))
        (call $set (i32.const 102))
        (i32.const 64))
      (func (export "seen-by-realloc") (result i32) (global.get $realloc)))
    (core instance $memory (instantiate $Memory
      (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
    (alias export $callee "resource" (type $resource))
    (canon lower (func $callee "run") (core func $run))
    (canon lower (func $callee "text")
      (memory (core memory $memory "memory")) (realloc (core func $memory "realloc")) (core func $text))
    (canon lower (func $callee "make") (core func $make))
    (canon resource.drop $resource (core func $drop))
    (core module $Main
      (import "context" "get" (func $get (result i32)))
      (import "context" "set" (func $set (param i32)))
      (import "callee" "run" (func $run (result i32)))
      (import "callee" "text" (func $text (param i32)))
      (import "callee" "make" (func $make (result i32)))
      (import "callee" "drop" (func $drop (param i32)))
      (func (export "call") (result i32)
        (call $set (i32.const 7))
        (if (call $run) (then unreachable))
        (if (call $run) (then unreachable))
        (call $get))
      (func (export "call-for-text") (result i32)
        (call $set (i32.const 7))
        (call $text (i32.const 0))
        (call $get))
      (func (export "drop") (result i32)
        (call $set (i32.const 7))
        (call $drop (call $make))
        (call $get)))
    (core instance $main (instantiate $Main
      (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))
      (with "callee" (instance
        (export "run" (func $run))
        (export "text" (func $text))
        (export "make" (func $make))
        (export "drop" (func $drop))))))
    (func (export "call") (result u32) (canon lift (core func $main "call")))
    (func (export "call-for-text") (result u32) (canon lift (core func $main "call-for-text")))
    (func (export "drop") (result u32) (canon lift (core func $main "drop")))
    (func (export "seen-by-realloc") (result u32) (canon lift (core func $memory "seen-by-realloc"))))

  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
  (export "call" (func $caller "call"))
  (export "call-for-text" (func $caller "call-for-text"))
  (export "drop" (func $caller "drop"))
  (export "seen-by-realloc" (func $caller "seen-by-realloc"))
  (export "seen-by-destructor" (func $callee "seen-by-destructor")))

(component instance $calls $Calls)
;;; CTX-10 CTX-17 IMP-01
(assert_return (invoke $calls "call") (u32.const 7))
;;; CTX-14
(assert_return (invoke $calls "call-for-text") (u32.const 7))
;;; CTX-14
(assert_return (invoke $calls "seen-by-realloc") (u32.const 0))
;;; CTX-15 IMP-01
(assert_return (invoke $calls "drop") (u32.const 7))
;;; CTX-15 IMP-01
(assert_return (invoke $calls "seen-by-destructor") (u32.const 0))

;; A start function runs as a call does.
(component definition $Start
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))
  (core module $Main
    (import "context" "get" (func $get (result i32)))
    (import "context" "set" (func $set (param i32)))
    (global $seen (mut i32) (i32.const -1))
    (func $start
      (global.set $seen (call $get))
      (call $set (i32.const 3))
      (if (i32.ne (call $get) (i32.const 3)) (then unreachable)))
    (start $start)
    (func (export "seen-by-start") (result i32) (global.get $seen))
    (func (export "entry") (result i32) (call $get)))
  (core instance $main (instantiate $Main
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
  (func (export "seen-by-start") (result u32) (canon lift (core func $main "seen-by-start")))
  (func (export "entry") (result u32) (canon lift (core func $main "entry"))))

(component instance $start $Start)
;;; CTX-20
(assert_return (invoke $start "seen-by-start") (u32.const 0))
;;; CTX-10 CTX-20
(assert_return (invoke $start "entry") (u32.const 0))
