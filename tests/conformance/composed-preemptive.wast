;; Components with preemptive threads composed with others: what the linking of components can say, and calls of what is not shared.
;;! shared-everything = true

(component definition $Program
  ;; What several components instantiate.
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "functions") shared 1 1 (ref null (shared func))))
  (type $pair (record (field "a" u32) (field "b" u32)))

  ;; Threads that call an imported function, whose type is in the instance that is imported.
  (component $Threads
    (alias outer $Program $State (core module $State))
    (import "types" (instance $types
      (type $p (record (field "a" u32) (field "b" u32)))
      (export "pair" (type (eq $p)))))
    (alias export $types "pair" (type $pair))
    (import "adder" (instance $adder
      (alias outer $Threads $pair (type $p))
      (export "pair" (type $q (eq $p)))
      (export "add" (func (param "pair" $q) (result u32)))))
    (core instance $state (instantiate $State))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn))
    (canon thread.index (core func $index))
    (core func $add (canon lower (func $adder "add")))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $binary (shared (func (param i32 i32) (result i32))))
      (import "state" "memory" (memory 1 1 shared))
      (import "state" "functions" (table $functions shared 1 1 (ref null (shared func))))
      (import "" "spawn" (func $spawn (type $binary)))
      (import "" "index" (func $index (type $get)))
      (import "" "add" (func $add (type $binary)))
      ;; 0: how many threads are done; 4: the sum of what they got; 8: how many found that their index had changed.
      (func $thread (type $start) (local $mine i32)
        (local.set $mine (call $index))
        (drop (i32.atomic.rmw.add (i32.const 4) (call $add (local.get 0) (i32.const 1))))
        (if (i32.ne (call $index) (local.get $mine)) (then (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
      (elem (table $functions) (i32.const 0) (ref null (shared func)) (ref.func $thread))
      (func (export "run") (param $threads i32) (param $argument i32) (result i32) (local $each i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (i32.atomic.store (i32.const 4) (i32.const 0))
        (loop $again
          (drop (call $spawn (i32.const 0) (local.get $argument)))
          (local.set $each (i32.add (local.get $each) (i32.const 1)))
          (br_if $again (i32.ne (local.get $each) (local.get $threads))))
        (loop $wait
          (local.set $each (i32.atomic.load (i32.const 0)))
          (if (i32.ne (local.get $each) (local.get $threads))
            (then
              (drop (memory.atomic.wait32 (i32.const 0) (local.get $each) (i64.const -1)))
              (br $wait))))
        (i32.load (i32.const 4)))
      (func (export "changed") (result i32) (i32.load (i32.const 8))))
    (core instance $main (instantiate $Main
      (with "state" (instance $state))
      (with "" (instance (export "spawn" (func $spawn)) (export "index" (func $index)) (export "add" (func $add))))))
    (func (export "run") (param "threads" u32) (param "argument" u32) (result u32) (canon lift (core func $main "run"))))

  ;; A plain component inside of another one, whose instance is exported as an instance. Its state is not shared.
  (component $Plain
    (type $p (record (field "a" u32) (field "b" u32)))
    (import "pair" (type $pair (eq $p)))
    (component $Inner
      (type $p (record (field "a" u32) (field "b" u32)))
      (import "pair" (type $pair (eq $p)))
      (core module $Main
        (global $calls (mut i32) (i32.const 0))
        (global $first (mut i32) (i32.const 0))
        (func $begin (global.set $first (i32.const 1000)))
        (start $begin)
        (func (export "add") (param i32 i32) (result i32)
          (global.set $calls (i32.add (global.get $calls) (local.get 1)))
          (i32.add (local.get 0) (global.get $first)))
        (func (export "calls") (result i32) (global.get $calls)))
      (core instance $main (instantiate $Main))
      (type $add (func (param "pair" $pair) (result u32)))
      (func $add (type $add) (canon lift (core func $main "add")))
      (export $exported "pair" (type $pair))
      (export "add" (func $add) (func (param "pair" $exported) (result u32)))
      (func (export "calls") (result u32) (canon lift (core func $main "calls"))))
    (instance $inner (instantiate $Inner (with "pair" (type $pair))))
    (instance $adder (export "pair" (type $inner "pair")) (export "add" (func $inner "add")))
    (export "adder" (instance $adder))
    (export "calls" (func $inner "calls")))

  (instance $types (export "pair" (type $pair)))
  (instance $plain (instantiate $Plain (with "pair" (type $pair))))
  (instance $one (instantiate $Threads (with "types" (instance $types)) (with "adder" (instance $plain "adder"))))
  (instance $two (instantiate $Threads (with "types" (instance $types)) (with "adder" (instance $plain "adder"))))
  (export "one" (func $one "run"))
  (export "two" (func $two "run"))
  (export "calls" (func $plain "calls")))

(component instance $program $Program)
;; 1000 is what the start function of the innermost component has set.
(assert_return (invoke $program "one" (u32.const 8) (u32.const 5)) (u32.const 8040))
(assert_return (invoke $program "two" (u32.const 3) (u32.const 7)) (u32.const 3021))
;; All of them have been there, and each call was alone.
(assert_return (invoke $program "calls") (u32.const 11))

;; A start function that calls another component, and one that starts threads that do.
(component definition $Starts
  (component $Counter
    (core module $Main
      (global $count (mut i32) (i32.const 0))
      (func (export "count") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (global.get $count)))
    (core instance $main (instantiate $Main))
    (func (export "count") (result u32) (canon lift (core func $main "count"))))
  (component $Threads
    (import "count" (func $count (result u32)))
    (core func $count (canon lower (func $count)))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "count" (func $count (type $get)))
      (import "" "spawn" (func $spawn (type $spawn)))
      (memory 1 1 shared)
      (func $thread (type $start)
        (drop (call $count))
        (i32.atomic.store (i32.const 0) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem declare func $thread)
      (func $begin
        (drop (call $count))
        (drop (call $spawn (ref.func $thread) (i32.const 0)))
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
      (start $begin)
      (func (export "count") (type $get) (call $count)))
    (core instance $main (instantiate $Main (with "" (instance (export "count" (func $count)) (export "spawn" (func $spawn))))))
    (func (export "count") (result u32) (canon lift (core func $main "count"))))
  (instance $counter (instantiate $Counter))
  (instance $threads (instantiate $Threads (with "count" (func $counter "count"))))
  (export "direct" (func $counter "count"))
  (export "count" (func $threads "count")))

(component instance $starts $Starts)
(assert_return (invoke $starts "count") (u32.const 3))
(assert_return (invoke $starts "direct") (u32.const 4))

;; A plain component that parallel threads call calls another plain one, which nothing else calls, and one that others call too.
(component definition $Chain
  (component $Leaf
    (core module $Main
      (memory (export "memory") 1)
      (global $count (mut i32) (i32.const 0))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
      ;; How often it was called, and the length of the text.
      (func (export "measure") (param $at i32) (param $length i32) (result i32)
        (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 97)) (then unreachable))
        (global.set $count (i32.add (global.get $count) (i32.const 100)))
        (i32.add (global.get $count) (local.get $length))))
    (core instance $main (instantiate $Main))
    (func (export "measure") (param "text" string) (result u32)
      (canon lift (core func $main "measure") (memory $main "memory") (realloc (func $main "realloc")) string-encoding=utf16)))
  (component $Middle
    (import "own" (func $own (param "text" string) (result u32)))
    (import "common" (func $common (param "text" string) (result u32)))
    (core module $Libc
      (memory (export "memory") 1)
      (data (i32.const 8) "abc"))
    (core instance $libc (instantiate $Libc))
    (core func $own (canon lower (func $own) (memory $libc "memory")))
    (core func $common (canon lower (func $common) (memory $libc "memory")))
    (core module $Main
      (import "" "own" (func $own (param i32 i32) (result i32)))
      (import "" "common" (func $common (param i32 i32) (result i32)))
      (func (export "own") (result i32) (call $own (i32.const 8) (i32.const 3)))
      (func (export "common") (result i32) (call $common (i32.const 8) (i32.const 2))))
    (core instance $main (instantiate $Main (with "" (instance (export "own" (func $own)) (export "common" (func $common))))))
    (func (export "own") (result u32) (canon lift (core func $main "own")))
    (func (export "common") (result u32) (canon lift (core func $main "common"))))
  (component $Threads
    (import "own" (func $own (result u32)))
    (import "common" (func $common (result u32)))
    (core func $own (canon lower (func $own)))
    (core func $common (canon lower (func $common)))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "own" (func $own (type $get)))
      (import "" "common" (func $common (type $get)))
      (import "" "spawn" (func $spawn (type $spawn)))
      (memory 1 1 shared)
      (func $thread (type $start)
        (i32.store (i32.const 4) (call $own))
        (i32.store (i32.const 8) (call $common))
        (i32.atomic.store (i32.const 0) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem declare func $thread)
      (func (export "run") (result i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (call $spawn (ref.func $thread) (i32.const 0)))
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
        (i32.add (i32.mul (i32.load (i32.const 4)) (i32.const 10000)) (i32.load (i32.const 8)))))
    (core instance $main (instantiate $Main
      (with "" (instance (export "own" (func $own)) (export "common" (func $common)) (export "spawn" (func $spawn))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (instance $own (instantiate $Leaf))
  (instance $common (instantiate $Leaf))
  (instance $middle (instantiate $Middle (with "own" (func $own "measure")) (with "common" (func $common "measure"))))
  ;; It calls `$common` too, and is called by the host alone.
  (instance $other (instantiate $Middle (with "own" (func $common "measure")) (with "common" (func $common "measure"))))
  (instance $threads (instantiate $Threads (with "own" (func $middle "own")) (with "common" (func $middle "common"))))
  (export "run" (func $threads "run"))
  (export "other" (func $other "common"))
  (export "middle" (func $middle "own")))

(component instance $chain $Chain)
(assert_return (invoke $chain "run") (u32.const 1030102))
(assert_return (invoke $chain "other") (u32.const 202))
(assert_return (invoke $chain "middle") (u32.const 203))
(assert_return (invoke $chain "run") (u32.const 3030302))
