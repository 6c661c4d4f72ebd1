;; A component that exports `greet` and imports `log`. A thread that it starts writes the first part of the greeting.
(component
  (import "example:greeting/log@1.0.0" (instance $log
    (export "line" (func (param "text" string)))))

  ;; What is there before the code that uses it: the memory, the table that threads start from, and `realloc`, which gives the
  ;; memory for what is passed in. All of it is shared, so all threads use it.
  (core module $libc
    (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
    (memory $memory (export "memory") 1 16 shared)
    (table (export "table") shared 1 1 (ref null (shared func)))
    (data (memory $memory) (i32.const 0) "\00\04\00\00") ;; where free memory begins
    (func (export "realloc") (type $realloc) (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (i32.atomic.rmw.add (i32.const 0) (i32.and (i32.add (local.get $size) (i32.const 15)) (i32.const -8)))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "table" (core table $table))
  (alias core export $libc "realloc" (core func $realloc))

  ;; What the code calls of the host: a built-in, and the import, whose text is in the memory.
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-indirect $start $table))
  (core func $line (canon lower (func $log "line") (memory $memory)))

  (core module $main
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $line (shared (func (param i32 i32))))
    (type $greet (shared (func (param i32 i32) (result i32))))
    (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
    (import "libc" "memory" (memory 1 16 shared))
    (import "libc" "table" (table $table shared 1 1 (ref null (shared func))))
    (import "libc" "realloc" (func $realloc (type $realloc)))
    (import "host" "spawn" (func $spawn (type $spawn)))
    (import "host" "line" (func $line (type $line)))
    (data $hello "Hello, ")

    ;; The thread. At its argument there are 4 bytes that say whether it is done, and from 16 on the greeting.
    (func $write-hello (type $start) (param $at i32)
      (memory.init $hello (i32.add (local.get $at) (i32.const 16)) (i32.const 0) (i32.const 7))
      (call $line (i32.add (local.get $at) (i32.const 16)) (i32.const 7))
      (i32.atomic.store (local.get $at) (i32.const 1))
      (drop (memory.atomic.notify (local.get $at) (i32.const 1))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $write-hello))

    ;; Gives the address of the result, which is a pointer and a length.
    (func (export "greet") (type $greet) (param $name i32) (param $length i32) (result i32)
      (local $at i32)
      (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 8)
        (i32.add (local.get $length) (i32.const 32))))
      (drop (call $spawn (i32.const 0) (local.get $at)))
      (memory.copy (i32.add (local.get $at) (i32.const 23)) (local.get $name) (local.get $length))
      (drop (memory.atomic.wait32 (local.get $at) (i32.const 0) (i64.const -1)))
      (i32.store offset=8 (local.get $at) (i32.add (local.get $at) (i32.const 16)))
      (i32.store offset=12 (local.get $at) (i32.add (local.get $length) (i32.const 7)))
      (i32.add (local.get $at) (i32.const 8))))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "host" (instance (export "spawn" (func $spawn)) (export "line" (func $line))))))

  (func (export "greet") (param "name" string) (result string)
    (canon lift (core func $main "greet") (memory $memory) (realloc $realloc))))
