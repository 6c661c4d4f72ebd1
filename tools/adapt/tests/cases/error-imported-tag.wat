;; An imported tag.
(module
  (import "env" "__cpp_exception" (tag (param i32))))
