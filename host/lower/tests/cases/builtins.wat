;; The built-ins that take no table: the index of a thread, and how many can run at once, twice.
(component
  (core func $index (canon thread.index))
  (core func $parallelism (canon thread.available_parallelism))
  (core func $again (canon thread.available_parallelism))
  (core module $m
    (type $read (shared (func (result i32))))
    (import "t" "again" (func $again (type $read)))
    (import "t" "index" (func $index (type $read)))
    (import "t" "parallelism" (func $parallelism (type $read)))
    (func (export "f") (result i32)
      (i32.add (i32.add (call $index) (call $again)) (call $parallelism))))
  (core instance $i (instantiate $m (with "t" (instance
    (export "index" (func $index))
    (export "parallelism" (func $parallelism))
    (export "again" (func $again))))))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))
