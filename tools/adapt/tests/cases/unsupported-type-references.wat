;; Imports that refer to types of the module, as functions and as a global. No host can supply them.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (rec (type $one (func (param (ref null $other)))) (type $other (func (result i32))))
  (import "env" "one" (func $one (type $one)))
  (import "env" "other" (func (type $other)))
  (import "env" "plain" (func (param i64)))
  (import "env" "global" (global $global (ref null $other)))
  (func $other (type $other) (i32.const 3))
  (func (export "_start")
    (call $one (ref.func $other))
    (drop (call_ref $other (global.get $global))))
  (elem declare func $other))
