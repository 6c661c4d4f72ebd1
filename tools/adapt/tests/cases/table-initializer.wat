;; A table whose elements have an initial value stays where the value is.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (type $f (func))
  (func $f (type $f))
  (table $any 1 (ref func) (ref.func $f))
  (table $typed 2 (ref $f) (ref.func $f))
  (func (export "_start") (call_indirect $typed (type $f) (i32.const 1))))
