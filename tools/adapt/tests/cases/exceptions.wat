;; Exceptions and references to them, in a block's type, a local and a function's type.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (tag $t (param i32))
  (func $throw (throw $t (i32.const 1)))
  (func $rethrow (param exnref) (throw_ref (local.get 0)))
  (func (export "_start") (local $e exnref)
    (block $all (result i32 exnref)
      (try_table (catch_ref $t $all) (call $throw))
      (return))
    (local.set $e)
    (drop)
    (call $rethrow (local.get $e))))
