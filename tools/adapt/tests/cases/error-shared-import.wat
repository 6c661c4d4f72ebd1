(module
  (import "env" "f" (func))
  (import "env" "t" (table shared 1 (ref null (shared func)))))
