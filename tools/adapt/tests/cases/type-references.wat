;; Imports that refer to types of the module. An embedder has to supply them.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (rec (type $one (func (param (ref null $other)))) (type $other (func (result i32))))
  (import "env" "one" (func $one (type $one)))
  (import "env" "other" (func (type $other)))
  (import "env" "plain" (func (param i64)))
  (func $other (type $other) (i32.const 3))
  (func (export "_start")
    (call $one (ref.func $other))
    (drop (call_ref $other (ref.func $other))))
  (elem declare func $other))
