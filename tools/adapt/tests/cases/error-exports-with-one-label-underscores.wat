;; Two exports with one kebab-case form, neither of which is the one that a user means.
(module
  (func (export "_free"))
  (func (export "__free")))
