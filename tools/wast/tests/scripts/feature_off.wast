;;! component_model_implements = false
;;! wide_arithmetic = false
;; A script can turn features off.

(assert_invalid
  (component (import "a" (implements "a:b/c") (instance)))
  "the `cm-implements` feature is not active")
(assert_invalid
  (module (func (result i64 i64) (i64.mul_wide_u (i64.const 1) (i64.const 2))))
  "wide arithmetic support is not enabled")
