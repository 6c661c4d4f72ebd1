;; A component whose functions are shared, so that many threads of the host can call them at once: a counter in shared memory, and a
;; function that waits until the counter has reached a number.
(component
  ;; It says that the component's threads run in parallel.
  (core func (canon thread.available-parallelism shared))

  (core module $main
    (type $add (shared (func (param i32) (result i32))))
    (memory 1 1 shared)

    (func (export "add") (type $add) (param $number i32) (result i32)
      (local $before i32)
      (local.set $before (i32.atomic.rmw.add (i32.const 0) (local.get $number)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
      (i32.add (local.get $before) (local.get $number)))

    ;; A call that waits takes no processor time. Other calls go on.
    (func (export "wait") (type $add) (param $number i32) (result i32)
      (local $seen i32)
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 0)))
        (if (i32.lt_u (local.get $seen) (local.get $number)) (then
          (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
          (br $again))))
      (local.get $seen)))
  (core instance $main (instantiate $main))

  (func (export "add") (param "number" u32) (result u32) (canon lift (core func $main "add")))
  (func (export "wait") (param "number" u32) (result u32) (canon lift (core func $main "wait"))))
