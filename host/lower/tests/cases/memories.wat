;; Shared and other memories, 32 and 64 bits wide, defined, imported and exported in an order that the run-time form has
;; to change: imported ones first, then those that become imports, then the rest.
(component
  (core module $memories
    (memory (export "a") 1 2 shared)
    (memory $own (export "own") 3)
    (memory (export "b") i64 2 4 shared)
    (func (export "f") (result i32) (i32.load $own (i32.const 0))))
  (core instance $memories (instantiate $memories))
  (core module $m
    (import "m" "b" (memory $b i64 1 4 shared))
    (import "m" "own" (memory $imported 1))
    (memory $own1 1)
    (memory $c (export "c") 1 1 shared)
    (memory $own2 (export "own2") 2 3)
    (memory $d i64 0 9 shared)
    (func (export "f") (result i32)
      (i32.atomic.store $b (i64.const 0) (i32.const 1))
      (i32.store $imported (i32.const 0) (i32.const 2))
      (i32.store8 $own1 (i32.const 0) (i32.const 3))
      (i64.atomic.store32 $c offset=4 (i32.const 0) (i64.const 4))
      (v128.store $own2 (i32.const 0) (v128.const i64x2 5 5))
      (memory.copy $own1 $b (i32.const 0) (i64.const 0) (i32.const 6))
      (memory.fill $d (i64.const 0) (i32.const 7) (i64.const 8))
      (drop (memory.grow $d (i64.const 1)))
      (i32.add (memory.size $own2) (memory.size $c))))
  (core instance $m (instantiate $m (with "m" (instance $memories))))
  (core module $last
    (import "m" "c" (memory 1 1 shared))
    (import "m" "own2" (memory 2))
    (func (export "f") (result i32) (i32.load 1 (i32.load 0 (i32.const 0)))))
  (core instance $last (instantiate $last (with "m" (instance $m))))
  (func (export "f") (result u32) (canon lift (core func $m "f")))
  (func (export "g") (result u32) (canon lift (core func $last "f"))))
