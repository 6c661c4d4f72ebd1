(component
  (import "m" (core module $m
     (type $b (struct))
     (import "x" "t" (table 1 (ref null $b))))))
