;; Starts preemptive threads and cooperative ones.
(component
  (core type $preemptive (shared (func (param i32))))
  (core type $cooperative (func (param i32)))
  (core module $tables
    (table (export "shared") shared 1 (ref null (shared func)))
    (table (export "unshared") 1 funcref))
  (core instance $tables (instantiate $tables))
  (core func (canon thread.spawn-indirect $preemptive (core table $tables "shared")))
  (core func (canon thread.spawn-indirect $cooperative (core table $tables "unshared")))
  (core module $main (func (export "run") (result i32) (i32.const 0)))
  (core instance $main (instantiate $main))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
