;; A table whose elements nobody gives a value.
(module
  (import "env" "table" (table 1 (ref func))))
