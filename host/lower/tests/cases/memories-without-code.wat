;; Modules without code lose their shared memories and keep the rest. Who imports such a memory gets the same one, whether
;; from the module that defines it or from one that passes it on under another name.
(component
  (core module $define
    (table (export "table") shared 2 2 (ref null (shared func)))
    (memory (export "shared") 1 2 shared)
    (memory (export "own") 1)
    (global (export "global") (shared i32) (i32.const 4)))
  (core instance $define (instantiate $define))
  (core module $pass
    (import "d" "own" (memory 1))
    (import "d" "shared" (memory 1 2 shared))
    (import "d" "global" (global (shared i32)))
    (import "d" "table" (table shared 2 2 (ref null (shared func))))
    (export "renamed" (memory 1))
    (export "own" (memory 0))
    (export "global" (global 0))
    (export "table" (table 0)))
  (core instance $pass (instantiate $pass (with "d" (instance $define))))
  (core module $data
    (import "d" "shared" (memory 1 2 shared))
    (data (memory 0) (i32.const 8) "no code, but data"))
  (core instance $data (instantiate $data (with "d" (instance $define))))
  (core module $use
    (import "p" "own" (memory $own 1))
    (import "p" "renamed" (memory $shared 1 2 shared))
    (func (export "f") (result i32) (i32.add (i32.load $own (i32.const 0)) (i32.load $shared (i32.const 0)))))
  (core instance $use (instantiate $use (with "p" (instance $pass))))
  (core type $start (shared (func (param i32))))
  (alias core export $pass "table" (core table $table))
  (core func $spawn (canon thread.spawn-indirect $start (core table $table)))
  (core module $main
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (import "" "spawn" (func $spawn (type $spawn)))
    (func (export "f") (result i32) (call $spawn (i32.const 1) (i32.const 2))))
  (core instance $main (instantiate $main (with "" (instance (export "spawn" (func $spawn))))))
  (func (export "f") (result u32) (canon lift (core func $use "f")))
  (func (export "g") (result u32) (canon lift (core func $main "f"))))
