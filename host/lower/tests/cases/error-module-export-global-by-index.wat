;; The export has the core module's own type, which no text declares.
(component
  (core module $m
    (type $s (struct))
    (global (export "g") (ref null $s) (ref.null $s)))
  (export "module" (core module $m)))
