(module
  (table (;0;) 1 1 funcref)
)
