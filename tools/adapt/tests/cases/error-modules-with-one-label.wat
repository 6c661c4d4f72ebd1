;; Two module names with one kebab-case form.
(module
  (import "env" "f" (func))
  (import "_env" "g" (func)))
