(component
  (type $i (instance
    (type (component
      (import "m" (core module (type $s (struct)) (export "g" (global (ref null $s))))))))))
