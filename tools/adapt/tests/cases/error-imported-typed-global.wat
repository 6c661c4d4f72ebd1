;; No host has the type of the global.
(module
  (type $struct (struct (field i32)))
  (import "env" "plain" (global (ref null func)))
  (import "env" "struct" (global (ref null $struct))))
