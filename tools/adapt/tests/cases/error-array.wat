;; An array type.
(module
  (type (array i32)))
