;; Components with preemptive threads composed with others: each way to link components, and calls of unshared instances.
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

;; A plain component that threads call and that another plain one calls too. Each finds its own memory and `realloc`.
(component definition $Strings
  (component $Plain
    (core module $Main
      (memory (export "memory") 1)
      (global $end (mut i32) (i32.const 64))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.set $end (i32.add (global.get $end) (i32.const 16)))
        (i32.sub (global.get $end) (i32.const 16)))
      ;; The text twice.
      (func (export "twice") (param $at i32) (param $length i32) (result i32)
        (memory.copy (i32.add (local.get $at) (local.get $length)) (local.get $at) (local.get $length))
        (i32.store (i32.const 8) (local.get $at))
        (i32.store (i32.const 12) (i32.shl (local.get $length) (i32.const 1)))
        (i32.const 8)))
    (core instance $main (instantiate $Main))
    (func (export "twice") (param "text" string) (result string)
      (canon lift (core func $main "twice") (memory $main "memory") (realloc (func $main "realloc")) string-encoding=latin1+utf16)))
  (component $Driver
    (import "twice" (func $twice (param "text" string) (result string)))
    (core module $Libc
      (memory (export "memory") 1)
      (data (i32.const 8) "ab")
      (global $reallocs (export "reallocs") (mut i32) (i32.const 0))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.set $reallocs (i32.add (global.get $reallocs) (i32.const 1)))
        (i32.const 256)))
    (core instance $libc (instantiate $Libc))
    (core func $twice (canon lower (func $twice) (memory $libc "memory") (realloc (func $libc "realloc"))))
    (core module $Main
      (import "libc" "memory" (memory 1))
      (import "libc" "reallocs" (global $reallocs (mut i32)))
      (import "" "twice" (func $twice (param i32 i32 i32)))
      ;; How often this `realloc` was called, and the last character that came back.
      (func (export "run") (result i32)
        (call $twice (i32.const 8) (i32.const 2) (i32.const 16))
        (i32.add
          (i32.mul (global.get $reallocs) (i32.const 1000))
          (i32.load8_u (i32.add (i32.load (i32.const 16)) (i32.sub (i32.load (i32.const 20)) (i32.const 1)))))))
    (core instance $main (instantiate $Main (with "libc" (instance $libc)) (with "" (instance (export "twice" (func $twice))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (component $Threads
    (import "twice" (func $twice (param "text" string) (result string)))
    (core module $Libc
      (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
      (memory (export "memory") 1 1 shared)
      (data (i32.const 8) "xyz")
      (data (i32.const 24) "\00\01\00\00")
      (func (export "realloc") (type $realloc) (i32.atomic.rmw.add (i32.const 24) (i32.const 16))))
    (core instance $libc (instantiate $Libc))
    (core func $twice (canon lower (func $twice) (memory $libc "memory") (realloc (func $libc "realloc"))))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $twice (shared (func (param i32 i32 i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "libc" "memory" (memory 1 1 shared))
      (import "" "twice" (func $twice (type $twice)))
      (import "" "spawn" (func $spawn (type $spawn)))
      ;; 0: how many threads are done; 4: the sum of the last characters; from 32 on: results.
      (func $thread (type $start) (local $result i32)
        (local.set $result (i32.add (i32.const 32) (i32.mul (local.get 0) (i32.const 8))))
        (call $twice (i32.const 8) (i32.const 3) (local.get $result))
        (drop (i32.atomic.rmw.add (i32.const 4)
          (i32.load8_u (i32.add
            (i32.load (local.get $result))
            (i32.sub (i32.load offset=4 (local.get $result)) (i32.const 1))))))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem declare func $thread)
      (func (export "run") (result i32) (local $each i32)
        (loop $again
          (drop (call $spawn (ref.func $thread) (local.get $each)))
          (local.set $each (i32.add (local.get $each) (i32.const 1)))
          (br_if $again (i32.ne (local.get $each) (i32.const 10))))
        (loop $wait
          (local.set $each (i32.atomic.load (i32.const 0)))
          (if (i32.ne (local.get $each) (i32.const 10))
            (then
              (drop (memory.atomic.wait32 (i32.const 0) (local.get $each) (i64.const -1)))
              (br $wait))))
        (i32.load (i32.const 4))))
    (core instance $main (instantiate $Main
      (with "libc" (instance $libc))
      (with "" (instance (export "twice" (func $twice)) (export "spawn" (func $spawn))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  ;; Threads call a plain component that calls the other one: each of the two waits for its own calls only.
  (component $Relayed
    (import "run" (func $run (result u32)))
    (core func $run (canon lower (func $run)))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (type $unshared (func (result i32)))
      (import "" "run" (func $run (type $get)))
      (import "" "spawn" (func $spawn (type $spawn)))
      (memory 1 1 shared)
      (func $thread (type $start)
        (drop (i32.atomic.rmw.add (i32.const 4) (call $run)))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem declare func $thread)
      (func (export "run") (type $unshared) (local $each i32)
        (loop $again
          (drop (call $spawn (ref.func $thread) (i32.const 0)))
          (local.set $each (i32.add (local.get $each) (i32.const 1)))
          (br_if $again (i32.ne (local.get $each) (i32.const 4))))
        (loop $wait
          (local.set $each (i32.atomic.load (i32.const 0)))
          (if (i32.ne (local.get $each) (i32.const 4))
            (then
              (drop (memory.atomic.wait32 (i32.const 0) (local.get $each) (i64.const -1)))
              (br $wait))))
        (i32.load (i32.const 4))))
    (core instance $main (instantiate $Main (with "" (instance (export "run" (func $run)) (export "spawn" (func $spawn))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (instance $plain (instantiate $Plain))
  (instance $driver (instantiate $Driver (with "twice" (func $plain "twice"))))
  (instance $threads (instantiate $Threads (with "twice" (func $plain "twice"))))
  (instance $relay (instantiate $Driver (with "twice" (func $plain "twice"))))
  (instance $relayed (instantiate $Relayed (with "run" (func $relay "run"))))
  (export "relayed" (func $relayed "run"))
  (export "relay" (func $relay "run"))
  (export "driver" (func $driver "run"))
  (export "threads" (func $threads "run")))

(component instance $strings $Strings)
;; 98 is "b", and 122 is "z".
(assert_return (invoke $strings "driver") (u32.const 1098))
(assert_return (invoke $strings "threads") (u32.const 1220))
(assert_return (invoke $strings "driver") (u32.const 2098))
;; Its `realloc` has been called once, twice, three and four times, whose state no other instance has.
(assert_return (invoke $strings "relayed") (u32.const 10392))
(assert_return (invoke $strings "relay") (u32.const 5098))

;; A plain component defines a resource whose destructor is not shared. Threads of another one make and drop resources.
(component definition $Resources
  (component $Plain
    (core module $State
      (global $count (mut i32) (i32.const 0))
      (func (export "destroy") (param i32) (global.set $count (i32.add (global.get $count) (local.get 0))))
      (func (export "count") (result i32) (global.get $count)))
    (core instance $state (instantiate $State))
    (type $r' (resource (rep i32) (dtor (func $state "destroy"))))
    (export $r "r" (type $r'))
    (core func $new (canon resource.new $r'))
    (core module $Main
      (import "" "new" (func $new (param i32) (result i32)))
      (global $peeks (mut i32) (i32.const 0))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
      (func (export "peek") (param i32) (result i32)
        (global.set $peeks (i32.add (global.get $peeks) (i32.const 1)))
        (local.get 0)))
    (core instance $main (instantiate $Main (with "" (instance (export "new" (func $new))))))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $main "make")))
    (func (export "peek") (param "r" (borrow $r)) (result u32) (canon lift (core func $main "peek")))
    (func (export "count") (result u32) (canon lift (core func $state "count"))))
  (component $Threads
    (import "plain" (instance $plain
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "peek" (func (param "r" (borrow $r)) (result u32)))))
    (alias export $plain "r" (type $r))
    (core func $peek (canon lower (func $plain "peek")))
    (core func $make (canon lower (func $plain "make")))
    (core func $drop (canon resource.drop $r))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $make (shared (func (param i32) (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "make" (func $make (type $make)))
      (import "" "peek" (func $peek (type $make)))
      (import "" "drop" (func $drop (type $start)))
      (import "" "spawn" (func $spawn (type $spawn)))
      (memory 1 1 shared)
      (func $thread (type $start) (local $round i32) (local $handle i32)
        (loop $again
          (local.set $handle (call $make (local.get 0)))
          (if (i32.ne (call $peek (local.get $handle)) (i32.const 3)) (then unreachable))
          (call $drop (local.get $handle))
          (local.set $round (i32.add (local.get $round) (i32.const 1)))
          (br_if $again (i32.ne (local.get $round) (i32.const 20))))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem declare func $thread)
      (func (export "run") (result i32) (local $each i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (loop $again
          (drop (call $spawn (ref.func $thread) (i32.const 3)))
          (local.set $each (i32.add (local.get $each) (i32.const 1)))
          (br_if $again (i32.ne (local.get $each) (i32.const 4))))
        (loop $wait
          (local.set $each (i32.atomic.load (i32.const 0)))
          (if (i32.ne (local.get $each) (i32.const 4))
            (then
              (drop (memory.atomic.wait32 (i32.const 0) (local.get $each) (i64.const -1)))
              (br $wait))))
        (local.get $each)))
    (core instance $main (instantiate $Main
      (with "" (instance (export "make" (func $make)) (export "peek" (func $peek)) (export "drop" (func $drop)) (export "spawn" (func $spawn))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (instance $plain (instantiate $Plain))
  (instance $threads (instantiate $Threads (with "plain" (instance $plain))))
  (export "run" (func $threads "run"))
  (export "count" (func $plain "count")))

(component instance $resources $Resources)
(assert_return (invoke $resources "run") (u32.const 4))
;; Four threads, twenty resources each, and three for each of them.
(assert_return (invoke $resources "count") (u32.const 240))

;; `realloc` of a component that a thread calls must not leave its instance.
(component definition $Leaving
  (component $Plain
    (canon thread.index (core func $index))
    (core module $Main
      (import "" "index" (func $index (result i32)))
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (drop (call $index)) (i32.const 64))
      (func (export "take") (param i32 i32))
      (func (export "index") (result i32) (call $index)))
    (core instance $main (instantiate $Main (with "" (instance (export "index" (func $index))))))
    (func (export "take") (param "text" string)
      (canon lift (core func $main "take") (memory $main "memory") (realloc (func $main "realloc"))))
    (func (export "index") (result u32) (canon lift (core func $main "index"))))
  (component $Threads
    (import "take" (func $take (param "text" string)))
    (import "index" (func $index (result u32)))
    (core module $Libc (memory (export "memory") 1 1 shared))
    (core instance $libc (instantiate $Libc))
    (core func $take (canon lower (func $take) (memory $libc "memory")))
    (core func $index (canon lower (func $index)))
    (canon thread.index (core func $mine))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $take (shared (func (param i32 i32))))
      (type $get (shared (func (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (type $unshared (func (result i32)))
      (import "libc" "memory" (memory 1 1 shared))
      (import "" "take" (func $take (type $take)))
      (import "" "index" (func $index (type $get)))
      (import "" "mine" (func $mine (type $get)))
      (import "" "spawn" (func $spawn (type $spawn)))
      (func $thread (type $start)
        (if (local.get 0) (then (call $take (i32.const 8) (i32.const 2))))
        (i32.store (i32.const 4) (i32.add (i32.mul (call $mine) (i32.const 10)) (call $index)))
        (i32.atomic.store (i32.const 0) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem declare func $thread)
      (func $run (param i32) (result i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (call $spawn (ref.func $thread) (local.get 0)))
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
        (i32.load (i32.const 4)))
      (func (export "indices") (type $unshared) (call $run (i32.const 0)))
      (func (export "take") (type $unshared) (call $run (i32.const 1))))
    (core instance $main (instantiate $Main
      (with "libc" (instance $libc))
      (with "" (instance
        (export "take" (func $take)) (export "index" (func $index)) (export "mine" (func $mine))
        (export "spawn" (func $spawn))))))
    (func (export "indices") (result u32) (canon lift (core func $main "indices")))
    (func (export "take") (result u32) (canon lift (core func $main "take"))))
  (instance $plain (instantiate $Plain))
  (instance $threads (instantiate $Threads (with "take" (func $plain "take")) (with "index" (func $plain "index"))))
  (export "indices" (func $threads "indices"))
  (export "take" (func $threads "take")))

(component instance $leaving $Leaving)
;; The thread is the second one of its instance, and its call the first one of the other.
;;; IDX-04
(assert_return (invoke $leaving "indices") (u32.const 21))
;;; LV-01
(assert_trap (invoke $leaving "take") "cannot leave component instance")

;; A component that threads call, and that is not shared, has threads of its own: its call waits for one.
(component definition $Pool
  (core module $State
    (memory (export "memory") 1 1 shared)
    (type $void (shared (func)))
    (type $start (shared (func (param i32))))
    ;; 0: how many threads are done.
    (func (export "finish") (type $void)
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (func (export "join") (type $start) (local $seen i32)
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 0)))
        (if (i32.ne (local.get $seen) (local.get 0))
          (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
            (br $again))))))
  (component $Worker
    (alias outer $Pool $State (core module $State))
    (core instance $state (instantiate $State))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (canon thread.index (core func $index))
    (core module $Main
      (type $void (shared (func)))
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (type $unshared (func (result i32)))
      (import "state" "memory" (memory 1 1 shared))
      (import "state" "finish" (func $finish (type $void)))
      (import "state" "join" (func $join (type $start)))
      (import "" "spawn" (func $spawn (type $spawn)))
      (import "" "index" (func $index (type $get)))
      (global $calls (mut i32) (i32.const 0))
      (func $thread (type $start) (call $finish))
      (elem declare func $thread)
      ;; How often it was called. The call has another index here than its thread.
      (func (export "work") (type $unshared)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (if (i32.eq (call $spawn (ref.func $thread) (i32.const 0)) (call $index)) (then unreachable))
        (call $join (global.get $calls))
        (global.get $calls)))
    (core instance $main (instantiate $Main
      (with "state" (instance $state))
      (with "" (instance (export "spawn" (func $spawn)) (export "index" (func $index))))))
    (func (export "work") (result u32) (canon lift (core func $main "work"))))
  (component $Threads
    (alias outer $Pool $State (core module $State))
    (import "work" (func $work (result u32)))
    (core instance $state (instantiate $State))
    (core func $work (canon lower (func $work)))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $void (shared (func)))
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (type $unshared (func (result i32)))
      (import "state" "memory" (memory 1 1 shared))
      (import "state" "finish" (func $finish (type $void)))
      (import "state" "join" (func $join (type $start)))
      (import "" "work" (func $work (type $get)))
      (import "" "spawn" (func $spawn (type $spawn)))
      (func $thread (type $start)
        (drop (i32.atomic.rmw.add (i32.const 4) (call $work)))
        (call $finish))
      (elem declare func $thread)
      (func (export "run") (type $unshared) (local $each i32)
        (loop $again
          (drop (call $spawn (ref.func $thread) (i32.const 0)))
          (local.set $each (i32.add (local.get $each) (i32.const 1)))
          (br_if $again (i32.ne (local.get $each) (i32.const 6))))
        (call $join (i32.const 6))
        (i32.load (i32.const 4))))
    (core instance $main (instantiate $Main
      (with "state" (instance $state))
      (with "" (instance (export "work" (func $work)) (export "spawn" (func $spawn))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (instance $worker (instantiate $Worker))
  (instance $threads (instantiate $Threads (with "work" (func $worker "work"))))
  (export "run" (func $threads "run"))
  (export "work" (func $worker "work")))

(component instance $pool $Pool)
;; The first to the sixth call.
(assert_return (invoke $pool "run") (u32.const 21))
(assert_return (invoke $pool "work") (u32.const 7))

;; A component lifts what it has lowered. Each of the three has a memory of its own.
(component definition $Relifted
  (core module $Plain
    (memory (export "memory") 1)
    (global $end (mut i32) (i32.const 64))
    (global $reallocs (mut i32) (i32.const 0))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $reallocs (i32.add (global.get $reallocs) (i32.const 1)))
      (global.set $end (i32.add (global.get $end) (i32.const 16)))
      (i32.sub (global.get $end) (i32.const 16)))
    (func (export "echo") (param i32 i32) (result i32)
      (i32.store (i32.const 8) (local.get 0))
      (i32.store (i32.const 12) (local.get 1))
      (i32.const 8))
    (func (export "reallocs") (result i32) (global.get $reallocs)))
  (component $Callee
    (alias outer $Relifted $Plain (core module $Plain))
    (core instance $main (instantiate $Plain))
    (func (export "echo") (param "text" string) (result string)
      (canon lift (core func $main "echo") (memory $main "memory") (realloc (func $main "realloc")))))
  (component $Between
    (alias outer $Relifted $Plain (core module $Plain))
    (import "echo" (func $echo (param "text" string) (result string)))
    (core instance $main (instantiate $Plain))
    (core func $echo (canon lower (func $echo) (memory $main "memory") (realloc (func $main "realloc"))))
    (core module $Indirect
      (import "" "echo" (func $echo (param i32 i32 i32)))
      (func (export "echo") (param i32 i32) (result i32)
        (call $echo (local.get 0) (local.get 1) (i32.const 16))
        (i32.const 16)))
    (core instance $indirect (instantiate $Indirect (with "" (instance (export "echo" (func $echo))))))
    (func (export "echo") (param "text" string) (result string)
      (canon lift (core func $indirect "echo") (memory $main "memory") (realloc (func $main "realloc"))))
    (func (export "reallocs") (result u32) (canon lift (core func $main "reallocs"))))
  (component $Sink
    (alias outer $Relifted $Plain (core module $Plain))
    (core instance $main (instantiate $Plain))
    (core module $Main
      (import "" "memory" (memory 1))
      (global $sum (mut i32) (i32.const 0))
      (func (export "take") (param i32 i32)
        (global.set $sum (i32.add (global.get $sum) (i32.load8_u (local.get 0)))))
      (func (export "sum") (result i32) (global.get $sum)))
    (core instance $sink (instantiate $Main (with "" (instance $main))))
    (func (export "take") (param "text" string)
      (canon lift (core func $sink "take") (memory $main "memory") (realloc (func $main "realloc"))))
    (func (export "sum") (result u32) (canon lift (core func $sink "sum"))))
  (component $Relift
    (alias outer $Relifted $Plain (core module $Plain))
    (import "take" (func $take (param "text" string)))
    (core instance $main (instantiate $Plain))
    (core func $take (canon lower (func $take) (memory $main "memory")))
    (func (export "take") (param "text" string)
      (canon lift (core func $take) (memory $main "memory") (realloc (func $main "realloc"))))
    (func (export "reallocs") (result u32) (canon lift (core func $main "reallocs"))))
  (component $Threads
    (import "take" (func $take (param "text" string)))
    (import "echo" (func $echo (param "text" string) (result string)))
    (core module $Libc
      (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
      (memory (export "memory") 1 1 shared)
      (data (i32.const 8) "z")
      (data (i32.const 24) "\00\01\00\00")
      (func (export "realloc") (type $realloc) (i32.atomic.rmw.add (i32.const 24) (i32.const 16))))
    (core instance $libc (instantiate $Libc))
    (core func $take (canon lower (func $take) (memory $libc "memory")))
    (core func $echo (canon lower (func $echo) (memory $libc "memory") (realloc (func $libc "realloc"))))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $take (shared (func (param i32 i32))))
      (type $echo (shared (func (param i32 i32 i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (type $unshared (func (result i32)))
      (import "libc" "memory" (memory 1 1 shared))
      (import "" "take" (func $take (type $take)))
      (import "" "echo" (func $echo (type $echo)))
      (import "" "spawn" (func $spawn (type $spawn)))
      ;; 0: how many threads are done; 4: the sum of what came back; from 32 on: results.
      (func $thread (type $start) (local $result i32)
        (local.set $result (i32.add (i32.const 32) (i32.mul (local.get 0) (i32.const 8))))
        (call $take (i32.const 8) (i32.const 1))
        (call $echo (i32.const 8) (i32.const 1) (local.get $result))
        (drop (i32.atomic.rmw.add (i32.const 4) (i32.load8_u (i32.load (local.get $result)))))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem declare func $thread)
      (func (export "run") (type $unshared) (local $each i32)
        (loop $again
          (drop (call $spawn (ref.func $thread) (local.get $each)))
          (local.set $each (i32.add (local.get $each) (i32.const 1)))
          (br_if $again (i32.ne (local.get $each) (i32.const 5))))
        (loop $wait
          (local.set $each (i32.atomic.load (i32.const 0)))
          (if (i32.ne (local.get $each) (i32.const 5))
            (then
              (drop (memory.atomic.wait32 (i32.const 0) (local.get $each) (i64.const -1)))
              (br $wait))))
        (i32.load (i32.const 4))))
    (core instance $main (instantiate $Main
      (with "libc" (instance $libc))
      (with "" (instance (export "take" (func $take)) (export "echo" (func $echo)) (export "spawn" (func $spawn))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (instance $callee (instantiate $Callee))
  (instance $between (instantiate $Between (with "echo" (func $callee "echo"))))
  (instance $sink (instantiate $Sink))
  (instance $relift (instantiate $Relift (with "take" (func $sink "take"))))
  (instance $threads (instantiate $Threads (with "take" (func $relift "take")) (with "echo" (func $between "echo"))))
  (export "run" (func $threads "run"))
  (export "sum" (func $sink "sum"))
  (export "between" (func $between "reallocs"))
  (export "relift" (func $relift "reallocs")))

(component instance $relifted $Relifted)
(assert_return (invoke $relifted "run") (u32.const 610))
(assert_return (invoke $relifted "sum") (u32.const 610))
;; One for what comes in, and one for what comes back.
(assert_return (invoke $relifted "between") (u32.const 10))
(assert_return (invoke $relifted "relift") (u32.const 5))

;; What a component lifts is what it has lowered, so no core module of it imports it. A thread calls another function of it, and the host
;; calls this one: both reach the same state of the third.
(component definition $Direct
  (component $Counter
    (core module $Main
      (global $count (mut i32) (i32.const 0))
      (func (export "count") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (global.get $count)))
    (core instance $main (instantiate $Main))
    (func (export "count") (result u32) (canon lift (core func $main "count"))))
  (component $Between
    (import "count" (func $count (result u32)))
    (core func $count (canon lower (func $count)))
    (core module $Main
      (global $calls (mut i32) (i32.const 100))
      (func (export "calls") (result i32)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (global.get $calls)))
    (core instance $main (instantiate $Main))
    (func (export "count") (result u32) (canon lift (core func $count)))
    (func (export "calls") (result u32) (canon lift (core func $main "calls"))))
  (component $Threads
    (import "calls" (func $calls (result u32)))
    (core func $calls (canon lower (func $calls)))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (type $unshared (func (result i32)))
      (import "" "calls" (func $calls (type $get)))
      (import "" "spawn" (func $spawn (type $spawn)))
      (memory 1 1 shared)
      (func $thread (type $start)
        (i32.store (i32.const 4) (call $calls))
        (i32.atomic.store (i32.const 0) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem declare func $thread)
      (func (export "run") (type $unshared)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (call $spawn (ref.func $thread) (i32.const 0)))
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
        (i32.load (i32.const 4))))
    (core instance $main (instantiate $Main (with "" (instance (export "calls" (func $calls)) (export "spawn" (func $spawn))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (instance $counter (instantiate $Counter))
  (instance $between (instantiate $Between (with "count" (func $counter "count"))))
  (instance $threads (instantiate $Threads (with "calls" (func $between "calls"))))
  (export "run" (func $threads "run"))
  (export "calls" (func $between "calls"))
  (export "between" (func $between "count"))
  (export "counter" (func $counter "count")))

(component instance $direct $Direct)
(assert_return (invoke $direct "run") (u32.const 101))
(assert_return (invoke $direct "calls") (u32.const 102))
(assert_return (invoke $direct "between") (u32.const 1))
(assert_return (invoke $direct "counter") (u32.const 2))
(assert_return (invoke $direct "between") (u32.const 3))

;; The destructor of a resource is a lowered function of another component, whose function is shared. So the threads of the component
;; that defines the resource can drop it.
(component definition $Lowered
  (component $Log
    (core module $Memory (memory (export "memory") 1 1 shared))
    (core instance $memory (instantiate $Memory))
    (core module $Main
      (type $add (shared (func (param i32))))
      (type $sum (shared (func (result i32))))
      (import "" "memory" (memory 1 1 shared))
      (func (export "add") (type $add) (drop (i32.atomic.rmw.add (i32.const 0) (local.get 0))))
      (func (export "sum") (type $sum) (i32.atomic.load (i32.const 0))))
    (core instance $main (instantiate $Main (with "" (instance $memory))))
    (func (export "add") (param "n" u32) (canon lift (core func $main "add")))
    (func (export "sum") (result u32) (canon lift (core func $main "sum"))))
  (component $Owner
    (import "add" (func $add (param "n" u32)))
    (core func $add (canon lower (func $add)))
    (type $r (resource (rep i32) (dtor (func $add))))
    (core func $new (canon resource.new $r))
    (core func $drop (canon resource.drop $r))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $new (shared (func (param i32) (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "new" (func $new (type $new)))
      (import "" "drop" (func $drop (type $start)))
      (import "" "spawn" (func $spawn (type $spawn)))
      (memory 1 1 shared)
      (func $thread (type $start)
        (call $drop (call $new (local.get 0)))
        (i32.atomic.store (i32.const 0) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem declare func $thread)
      (func (export "run") (param i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (call $drop (call $new (local.get 0)))
        (if (i32.eqz (call $spawn (ref.func $thread) (local.get 0))) (then unreachable))
        (loop $wait
          (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
          (br_if $wait (i32.eqz (i32.atomic.load (i32.const 0)))))))
    (core instance $main (instantiate $Main
      (with "" (instance (export "new" (func $new)) (export "drop" (func $drop)) (export "spawn" (func $spawn))))))
    (func (export "run") (param "rep" u32) (canon lift (core func $main "run"))))
  (instance $log (instantiate $Log))
  (instance $owner (instantiate $Owner (with "add" (func $log "add"))))
  (export "run" (func $owner "run"))
  (export "sum" (func $log "sum")))

(component instance $lowered $Lowered)
(assert_return (invoke $lowered "run" (u32.const 3)))
(assert_return (invoke $lowered "run" (u32.const 4)))
;; Each call has dropped a resource itself, and one on a thread.
(assert_return (invoke $lowered "sum") (u32.const 14))

;; The same for a function that another component instance of the script supplies.
(component definition $Log
  (core module $Memory (memory (export "memory") 1 1 shared))
  (core instance $memory (instantiate $Memory))
  (core module $Main
    (type $add (shared (func (param i32))))
    (type $sum (shared (func (result i32))))
    (import "" "memory" (memory 1 1 shared))
    (func (export "add") (type $add) (drop (i32.atomic.rmw.add (i32.const 0) (local.get 0))))
    (func (export "sum") (type $sum) (i32.atomic.load (i32.const 0))))
  (core instance $main (instantiate $Main (with "" (instance $memory))))
  (func (export "add") (param "n" u32) (canon lift (core func $main "add")))
  (func (export "sum") (result u32) (canon lift (core func $main "sum"))))

(component instance $log $Log)
(register "log" $log)

(component definition $Host
  (import "log" (instance $log (export "add" (func (param "n" u32)))))
  (component $Owner
    (import "add" (func $add (param "n" u32)))
    (core func $add (canon lower (func $add)))
    (type $r (resource (rep i32) (dtor (func $add))))
    (core func $new (canon resource.new $r))
    (core func $drop (canon resource.drop $r))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $new (shared (func (param i32) (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "" "new" (func $new (type $new)))
      (import "" "drop" (func $drop (type $start)))
      (import "" "spawn" (func $spawn (type $spawn)))
      (memory 1 1 shared)
      (func $thread (type $start)
        (call $drop (call $new (local.get 0)))
        (i32.atomic.store (i32.const 0) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
      (elem declare func $thread)
      (func (export "run") (param i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (call $drop (call $new (local.get 0)))
        (if (i32.eqz (call $spawn (ref.func $thread) (local.get 0))) (then unreachable))
        (loop $wait
          (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
          (br_if $wait (i32.eqz (i32.atomic.load (i32.const 0)))))))
    (core instance $main (instantiate $Main
      (with "" (instance (export "new" (func $new)) (export "drop" (func $drop)) (export "spawn" (func $spawn))))))
    (func (export "run") (param "rep" u32) (canon lift (core func $main "run"))))
  (instance $owner (instantiate $Owner (with "add" (func $log "add"))))
  (export "run" (func $owner "run")))

(component instance $host $Host)
(assert_return (invoke $host "run" (u32.const 5)))
(assert_return (invoke $log "sum") (u32.const 10))
