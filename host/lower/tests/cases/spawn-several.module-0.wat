(module $tables
  (table (;0;) 2 2 funcref)
  (table (;1;) 3 3 funcref)
  (export "first" (table 0))
  (export "second" (table 1))
)
