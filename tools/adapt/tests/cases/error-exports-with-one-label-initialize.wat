;; What a library's user calls first has one kebab-case form with another function.
(module
  (func (export "_initialize"))
  (func (export "initialize")))
