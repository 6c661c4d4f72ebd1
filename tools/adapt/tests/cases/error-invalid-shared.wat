(module
  (type $s (shared (func (result i32))))
  (func (type $s)))
