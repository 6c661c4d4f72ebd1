;; Waits and notifies of shared memories become calls, whose last argument is the offset. Those of other memories stay:
;; the instruction itself does what is to be done.
(component
  (core module $m
    (memory $own 1)
    (memory $shared 1 2 shared)
    (memory $wide i64 1 2 shared)
    (memory $last 1 2 shared)
    (func (export "f") (result i32)
      (drop (memory.atomic.notify $own offset=4 (i32.const 8) (i32.const 1)))
      (drop (memory.atomic.notify $shared offset=4 (i32.const 8) (i32.const 1)))
      (drop (memory.atomic.notify $wide offset=0x1_0000_0000 (i64.const 8) (i32.const 1)))
      (drop (memory.atomic.wait32 $own (i32.const 8) (i32.const 1) (i64.const -1)))
      (drop (memory.atomic.wait32 $shared offset=0xffff_fffc (i32.const 8) (i32.const 1) (i64.const -1)))
      (drop (memory.atomic.wait32 $wide (i64.const 8) (i32.const 1) (i64.const -1)))
      (drop (memory.atomic.wait64 $own offset=8 (i32.const 8) (i64.const 1) (i64.const -1)))
      (drop (memory.atomic.wait64 $shared offset=8 (i32.const 8) (i64.const 1) (i64.const -1)))
      (drop (memory.atomic.wait64 $last (i32.const 8) (i64.const 1) (i64.const -1)))
      (memory.atomic.wait64 $wide offset=16 (i64.const 8) (i64.const 1) (i64.const 0))))
  (core instance $i (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))
