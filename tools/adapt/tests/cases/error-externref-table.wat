;; A table of host references.
(module
  (table 1 externref))
