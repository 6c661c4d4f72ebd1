(module $table
  (table (;0;) 2 2 funcref)
  (export "table" (table 0))
)
