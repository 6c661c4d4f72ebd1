;; Calls through written tables: the index is checked and the handle read in place. A table that cannot grow has a constant length.
(component
  (core module $m
    (type $run (shared (func (result i32))))
    (type $grow (shared (func)))
    (table $fixed shared 2 2 (ref null (shared func)))
    (table $grown shared 1 8 (ref null (shared func)))
    (elem (table $fixed) (i32.const 0) (ref null (shared func)) (ref.func $one))
    (func $one (type $run) (i32.const 1))
    (func $write (export "write") (type $grow)
      (table.set $fixed (i32.const 1) (table.get $grown (i32.const 0)))
      (drop (table.grow $grown (ref.func $one) (i32.const 1))))
    (func (export "call") (type $run)
      (i32.add
        (call_indirect $fixed (type $run) (i32.const 0))
        (call_indirect $grown (type $run) (i32.const 1))))
    (func (export "tail") (type $run)
      (return_call_indirect $fixed (type $run) (i32.const 1))))
  (core instance $i (instantiate $m))
  (func (export "call") (result s32) (canon lift (core func $i "call"))))
