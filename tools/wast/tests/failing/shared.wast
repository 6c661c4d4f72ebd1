;; What needs the proposal that is off: the option is named.

(module (type (shared (func))))
(module (global (shared i32) (i32.const 0)))
(module (func (drop (ref.null (shared any)))))
(component (canon thread.available-parallelism shared (core func)))
(component
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-ref shared $start)))

;; The proposal would not help.
(module (func (result i32)))
