;; A command of WASI 0.2 without threads, which calls itself 100,000 times: more than fits in 512 KiB.
(component
  (core module $m
    (func $deep (param $n i32) (result i32)
      (if (result i32) (local.get $n)
        (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $n) (i32.const 1)))))
        (else (i32.const 0))))
    (func (export "run") (result i32)
      (i32.ne (call $deep (i32.const 100000)) (i32.const 100000))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.3" (instance $run)))
