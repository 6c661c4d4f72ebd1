;; Two exports with one kebab-case form.
(module
  (func (export "free"))
  (func (export "__free")))
