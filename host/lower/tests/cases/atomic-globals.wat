;; Atomic accesses: of a shared global that is written, of one that is not, and of one that is not shared.
(component
  (core module $m
    (type $shared (shared (func (param i64) (result i64))))
    (type $plain (func (param i32) (result i32)))
    (global $written (shared mut i64) (i64.const 1))
    (global $read (shared mut i64) (i64.const 2))
    (global $own (mut i32) (i32.const 3))
    (func (export "f") (type $shared)
      (drop (global.atomic.rmw.add seq_cst $written (local.get 0)))
      (global.atomic.set acq_rel $written (local.get 0))
      (drop (global.atomic.rmw.cmpxchg seq_cst $written (local.get 0) (i64.const 9)))
      (global.atomic.get seq_cst $read))
    (func (export "g") (type $plain)
      (global.atomic.rmw.sub seq_cst $own (local.get 0))))
  (core instance $m (instantiate $m)))
