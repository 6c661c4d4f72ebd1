;; Calls and values of components. Lines that begin with `;;weft` are code for parallel threads, `@shared` is `shared` there, and
;; `@f` makes a shared function's type of a type: Wasmtime's component runtime has neither.
(component
  (import "host" (instance $host
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))
    (export "take-bytes" (func (param "bytes" (list u8))))
    (export "give-bytes" (func (result (list u8))))
    (export "take-text" (func (param "text" string)))
    (export "give-text" (func (result string)))))

  (component $Callee
    (core module $m
      (type $add @f (func (param i32 i32) (result i32)) @e)
      (func (export "add") (type $add) (i32.add (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m))
    (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $m "add"))))
  (instance $callee (instantiate $Callee))

  (component $Caller
    (import "host" (instance $host
      (export "add" (func (param "a" u32) (param "b" u32) (result u32)))
      (export "take-bytes" (func (param "bytes" (list u8))))
      (export "give-bytes" (func (result (list u8))))
      (export "take-text" (func (param "text" string)))
      (export "give-text" (func (result string)))))
    (import "add" (func $other (param "a" u32) (param "b" u32) (result u32)))
    (core module $libc
      (type $realloc @f (func (param i32 i32 i32 i32) (result i32)) @e)
      (memory (export "memory") 64 64 @shared)
      ;;weft (table (export "table") shared 4 4 (ref null (shared func)))
      ;; What is passed always goes to the same place, 2 MB behind the beginning.
      (func (export "realloc") (type $realloc) (i32.const 0x200000)))
    (core instance $libc (instantiate $libc))
    (alias core export $libc "memory" (core memory $memory))
    (alias core export $libc "realloc" (core func $realloc))
    ;;weft (core type $start (shared (func (param i32))))
    ;;weft (core func $spawn (canon thread.spawn-indirect shared $start (table $libc "table")))
    (core func $add (canon lower (func $host "add")))
    (core func $other (canon lower (func $other)))
    (core func $take-bytes (canon lower (func $host "take-bytes") (memory $memory)))
    (core func $give-bytes (canon lower (func $host "give-bytes") (memory $memory) (realloc $realloc)))
    (core func $take-text (canon lower (func $host "take-text") (memory $memory)))
    (core func $give-text (canon lower (func $host "give-text") (memory $memory) (realloc $realloc)))
    (core module $m
      (type $start @f (func (param i32)) @e)
      (type $pair @f (func (param i32 i32)) @e)
      (type $binary @f (func (param i32 i32) (result i32)) @e)
      (type $run (func (param i32 i32)))
      (import "libc" "memory" (memory 64 64 @shared))
      ;;weft (import "libc" "table" (table $table shared 4 4 (ref null (shared func))))
      ;;weft (import "host" "spawn" (func $spawn (type $binary)))
      (import "host" "add" (func $add (type $binary)))
      (import "host" "other" (func $other (type $binary)))
      (import "host" "take-bytes" (func $take-bytes (type $pair)))
      (import "host" "give-bytes" (func $give-bytes (type $start)))
      (import "host" "take-text" (func $take-text (type $pair)))
      (import "host" "give-text" (func $give-text (type $start)))
      (func $finish (type $start)
        ;;weft (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        ;;weft (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
      )
      ;; Each is given a number of calls.
      (func $adds (type $start) (local $sum i32)
        (loop $again
          (local.set $sum (call $add (local.get $sum) (local.get 0)))
          (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
          (br_if $again (local.get 0)))
        (call $finish (i32.const 0)))
      (func $others (type $start) (local $sum i32)
        (loop $again
          (local.set $sum (call $other (local.get $sum) (local.get 0)))
          (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
          (br_if $again (local.get 0)))
        (call $finish (i32.const 0)))
      ;;weft (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $adds) (ref.func $others))
      ;;weft (func $start (type $run) (param $which i32) (param $calls i32)
      ;;weft   (drop (call $spawn (local.get $which) (local.get $calls))))
      ;;weft (func $join (param $threads i32) (local $seen i32)
      ;;weft   (loop $again
      ;;weft     (local.set $seen (i32.atomic.load (i32.const 0)))
      ;;weft     (if (i32.ne (local.get $seen) (local.get $threads)) (then
      ;;weft       (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
      ;;weft       (br $again))))
      ;;weft   (i32.atomic.store (i32.const 0) (i32.const 0)))
      ;;weft (func $threads (param $which i32) (param $threads i32) (param $calls i32) (local $next i32)
      ;;weft   (loop $again
      ;;weft     (call $start (local.get $which) (local.get $calls))
      ;;weft     (local.set $next (i32.add (local.get $next) (i32.const 1)))
      ;;weft     (br_if $again (i32.ne (local.get $next) (local.get $threads))))
      ;;weft   (call $join (local.get $threads)))
      ;;weft (func (export "adds") (type $run) (call $threads (i32.const 0) (local.get 0) (local.get 1)))
      ;;weft (func (export "others") (type $run) (call $threads (i32.const 1) (local.get 0) (local.get 1)))
      ;;plain (func (export "adds") (type $run) (call $adds (local.get 1)))
      ;;plain (func (export "others") (type $run) (call $others (local.get 1)))
      ;; 1,000,000 bytes of ASCII.
      (func $text (type $start) (memory.fill (i32.const 1024) (i32.const 97) (i32.const 1000000)))
      (func (export "init") (call $text (i32.const 0)))
      ;; Each passes a million bytes as often as its argument says.
      (func (export "take-bytes") (param $times i32)
        (loop $again
          (call $take-bytes (i32.const 1024) (i32.const 1000000))
          (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
      (func (export "give-bytes") (param $times i32)
        (loop $again
          (call $give-bytes (i32.const 16))
          (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
      (func (export "take-text") (param $times i32)
        (loop $again
          (call $take-text (i32.const 1024) (i32.const 1000000))
          (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
      (func (export "give-text") (param $times i32)
        (loop $again
          (call $give-text (i32.const 16))
          (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))))
    (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "host" (instance
      ;;weft (export "spawn" (func $spawn))
      (export "add" (func $add)) (export "other" (func $other))
      (export "take-bytes" (func $take-bytes)) (export "give-bytes" (func $give-bytes))
      (export "take-text" (func $take-text)) (export "give-text" (func $give-text))))))
    (func (export "adds") (param "threads" u32) (param "calls" u32) (canon lift (core func $m "adds")))
    (func (export "others") (param "threads" u32) (param "calls" u32) (canon lift (core func $m "others")))
    (func (export "init") (canon lift (core func $m "init")))
    (func (export "take-bytes") (param "times" u32) (canon lift (core func $m "take-bytes")))
    (func (export "give-bytes") (param "times" u32) (canon lift (core func $m "give-bytes")))
    (func (export "take-text") (param "times" u32) (canon lift (core func $m "take-text")))
    (func (export "give-text") (param "times" u32) (canon lift (core func $m "give-text"))))
  (instance $caller (instantiate $Caller (with "host" (instance $host)) (with "add" (func $callee "add"))))
  (export "adds" (func $caller "adds"))
  (export "others" (func $caller "others"))
  (export "init" (func $caller "init"))
  (export "take-bytes" (func $caller "take-bytes"))
  (export "give-bytes" (func $caller "give-bytes"))
  (export "take-text" (func $caller "take-text"))
  (export "give-text" (func $caller "give-text")))
