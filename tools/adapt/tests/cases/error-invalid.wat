;; A function without its result.
(module (func (result i32)))
