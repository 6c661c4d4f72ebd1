;; A built-in of another type.
(module
  (import "$root" "[context-get-0]" (func (result i64))))
