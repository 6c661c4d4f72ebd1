;; Passes without the shared-everything-threads proposal only.

(assert_invalid (module (global (shared i32) (i32.const 0))) "shared-everything-threads")
