;; A built-in that does not exist here.
(module
  (import "$root" "[thread-jump]" (func)))
