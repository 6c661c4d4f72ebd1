;;! shared-everything = true
;; A function that is lifted without `async` returns its result, and traps if it gives one by `task.return`.

(component
  (core module $table (table (export "t") 4 funcref))
  (core instance $table (instantiate $table))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "t" (table 4 funcref))
    (import "" "return" (func $return (param i32)))
    (func (export "f") (result i32) (call $return (i32.const 1)) (i32.const 2)))
  (core instance $main (instantiate $main (with "" (instance
    (export "t" (table $table "t"))
    (export "return" (func $return))))))
  (func (export "f") async (result u32) (canon lift (core func $main "f"))))

(assert_trap (invoke "f") "task.return")
