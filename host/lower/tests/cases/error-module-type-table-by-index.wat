(component
  (import "i" (instance
    (export "m" (core module
      (type $s (struct))
      (import "a" "t" (table 1 (ref null 0))))))))
