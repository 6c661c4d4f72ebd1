;;! shared-everything = true
;; When a function that is not async blocks, the other threads of its component instance run.

(component
  (core module $table (table (export "t") 4 funcref))
  (core instance $table (instantiate $table))
  (core type $start (func (param i32)))
  (core func $new (canon thread.new-indirect $start (core table $table "t")))
  (core func $index (canon thread.index))
  (core func $later (canon thread.resume-later))
  (core func $suspend (canon thread.suspend))
  (core module $main
    (import "" "t" (table 4 funcref))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "index" (func $index (result i32)))
    (import "" "later" (func $later (param i32)))
    (import "" "suspend" (func $suspend (result i32)))
    (global $main (mut i32) (i32.const 0))
    (func $wake (param i32) (call $later (global.get $main)))
    (elem (i32.const 0) func $wake)
    (func (export "block") (result i32)
      (global.set $main (call $index))
      (call $later (call $new (i32.const 0) (i32.const 0)))
      (call $suspend)))
  (core instance $main (instantiate $main (with "" (instance
    (export "t" (table $table "t"))
    (export "new" (func $new))
    (export "index" (func $index))
    (export "later" (func $later))
    (export "suspend" (func $suspend))))))
  (func (export "block") (result u32) (canon lift (core func $main "block"))))

(assert_return (invoke "block") (u32.const 0))
