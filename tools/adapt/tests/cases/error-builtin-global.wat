;; A built-in that is no function.
(module
  (import "$root" "[thread-index]" (global i32)))
