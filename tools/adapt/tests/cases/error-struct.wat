;; A struct type.
(module
  (type (struct)))
