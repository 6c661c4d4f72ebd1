;; `_start` of another type.
(module
  (func (export "_start") (result i32) (i32.const 0)))
