;; One name, two types.
(module
  (import "env" "f" (func))
  (import "env" "f" (func (param i32))))
