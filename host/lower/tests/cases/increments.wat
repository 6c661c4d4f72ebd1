;; An index that advances by the result of a comparison advances by a selection. The comparison may stand in a local, unless the local
;; is written or other code joins in between.
(component
  (core module $m
    (memory 1 1)
    (func (export "merge") (param $a i32) (param $b i32) (param $to i32) (param $end i32) (result i32)
      (local $x i32) (local $y i32) (local $less i32)
      loop $l
        (i32.store (local.get $to)
          (select
            (local.tee $x (i32.load (local.get $a)))
            (local.tee $y (i32.load (local.get $b)))
            (local.tee $less (i32.lt_s (local.get $x) (local.get $y)))))
        (local.set $a (i32.add (local.get $a) (local.get $less)))
        (local.set $b (i32.add (local.get $b) (i32.ge_s (local.get $x) (local.get $y))))
        (br_if $l (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 4))) (local.get $end)))
      end
      (i32.add (local.get $a) (local.get $b)))
    (func (export "others") (param $n i32) (param $x i32) (param $wide i64) (result i32)
      (local $less i32)
      (local.set $less (i64.lt_u (local.get $wide) (i64.const 7)))
      (local.set $n (i32.add (local.get $n) (local.get $less)))
      (local.set $n (i32.add (local.get $n) (i32.eqz (local.get $x))))
      (local.set $n (i32.add (local.get $n) (i64.eqz (local.get $wide))))
      ;; No comparisons.
      (local.set $less (i32.ctz (local.get $x)))
      (local.set $n (i32.add (local.get $n) (local.get $less)))
      (local.set $n (i32.add (local.get $n) (i32.sub (local.get $x) (local.get $n))))
      (local.set $less (i32.ne (local.get $x) (local.get $n)))
      loop $l
        (local.set $n (i32.add (local.get $n) (local.get $less)))
        (local.set $less (i32.const 5))
        (br_if $l (i32.lt_u (local.get $n) (i32.const 9)))
      end
      (local.set $less (i32.ne (local.get $x) (local.get $n)))
      (if (local.get $x) (then (local.set $less (i32.const 2))))
      (i32.add (local.get $n) (local.get $less))))
  (core instance $i (instantiate $m))
  (func (export "merge") (param "a" u32) (param "b" u32) (param "to" u32) (param "end" u32) (result u32)
    (canon lift (core func $i "merge")))
  (func (export "others") (param "n" u32) (param "x" u32) (param "wide" u64) (result u32)
    (canon lift (core func $i "others"))))
