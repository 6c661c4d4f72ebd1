;; A 64-bit table.
(module
  (memory 1) (table i64 1 funcref))
