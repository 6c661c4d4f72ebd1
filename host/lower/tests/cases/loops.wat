;; Small innermost loops are unrolled; those with calls, tables of branches, results or inner loops are not.
(component
  (core module $m
    (func $callee)
    (func (export "count") (param $n i32) (result i32) (local $sum i32)
      (block $done
        (loop $again
          (br_if $done (i32.eqz (local.get $n)))
          (if (i32.and (local.get $n) (i32.const 1))
            (then
              (local.set $n (i32.sub (local.get $n) (i32.const 1)))
              (br $again)))
          (local.set $sum (i32.add (local.get $sum) (local.get $n)))
          (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
      (local.get $sum))
    (func (export "endless") (param $n i32) (result i32)
      (loop $again
        (if (i32.ge_s (local.get $n) (i32.const 100)) (then (return (local.get $n))))
        (local.set $n (i32.add (local.get $n) (i32.const 7)))
        (br $again))
      (unreachable))
    (func (export "calls") (param $n i32)
      (loop $again
        (call $callee)
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (func (export "table") (param $n i32)
      (block $out
        (loop $again
          (br_table $out $again (local.get $n))
          (br $again))))
    (func (export "result") (param $n i32) (result i32)
      (loop $again (result i32)
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))
        (local.get $n)))
    (func (export "nested") (param $n i32) (param $m i32)
      (loop $outer
        (loop $inner
          (br_if $inner (local.tee $m (i32.sub (local.get $m) (i32.const 1)))))
        (br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
  (core instance (instantiate $m)))
