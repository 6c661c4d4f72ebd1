(component
  (core type $start (func (param i32)))
  (component
    (alias outer 1 $start (core type $outer))
    (core func (canon thread.spawn-ref $outer))))
