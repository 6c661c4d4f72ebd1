;; A garbage-collected reference that no type names.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (func (drop (i31.get_s (ref.i31 (i32.const 1))))))
