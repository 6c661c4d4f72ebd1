(module
  (import "env" "f" (func))
  (global $g (mut i32) (i32.const 0))
  (func)
  (func (drop (global.atomic.get seq_cst $g))))
