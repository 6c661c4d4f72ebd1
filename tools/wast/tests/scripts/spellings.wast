;;! shared-everything = true

;; The spellings of the specifications, which the parser lacks, and those of wasm-tools, in texts and in quotes.

(component
  (core type $start (shared (func (param i32))))
  (core module $table (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $table (instantiate $table))
  (core func (canon thread.spawn-indirect shared $start (core table $table "table")))
  (core func (canon thread.spawn-ref shared $start))
  (core func (canon thread.available-parallelism shared)))
(component quote
  "(core type $start (shared (func (param i32))))"
  "(core module $table (table (export \"table\") shared 1 1 (ref null (shared func))))"
  "(core instance $table (instantiate $table))"
  "(core func (canon thread.spawn-indirect shared $start (core table $table \"table\")))")
(component
  (core type $start (shared (func (param i32))))
  (core module $table (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $table (instantiate $table))
  (alias core export $table "table" (core table $t))
  (core func (canon thread.spawn-indirect $start (table $t)))
  (core func (canon thread.available_parallelism)))
;; Shared globals and orderings.
(module
  (global $g (shared (mut i32)) (i32.const 5))
  (func (export "get") (result i32) (global.atomic.get seqcst $g))
  (func (export "one") (result i32) (global.atomic.rmw.add seqcst $g (i32.const 1))))
(assert_return (invoke "one") (i32.const 5))
(assert_return (invoke "get") (i32.const 6))
