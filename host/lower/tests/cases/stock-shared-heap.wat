;; A store has a heap of its own, so shared structs are structs where threads take turns.
(component
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-ref $start))
  (core module $m
    (type $s (shared (struct (field (mut i32)))))
    (global $g (shared mut (ref null $s)) (ref.null $s))
    (func (export "f") (result i32)
      (global.atomic.set seq_cst $g (struct.new $s (i32.const 1)))
      (struct.atomic.rmw.add seq_cst $s 0 (global.atomic.get seq_cst $g) (i32.const 2))))
  (core instance $m (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
