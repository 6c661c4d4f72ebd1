;; The name of the adapter's own module.
(module
  (import "$state" "f" (func)))
