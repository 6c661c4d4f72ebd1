;; The slots of an adapted module have 32 bits.
(module
  (import "$root" "[context-get-i64-0]" (func (result i64)))
  (memory (export "memory") 1 1 shared)
  (func (export "_start")))
