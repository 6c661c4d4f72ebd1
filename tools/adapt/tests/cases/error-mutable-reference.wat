;; A mutable global that is a reference.
(module
  (global (mut funcref) (ref.null func)))
