;; What Clang writes for exceptions, unless it is told not to.
(module
  (tag $e (param i32))
  (func (export "_start") try nop catch_all nop end))
