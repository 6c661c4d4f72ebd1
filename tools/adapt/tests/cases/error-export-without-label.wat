;; An export that has no kebab-case form.
(module
  (func (export "2d")))
