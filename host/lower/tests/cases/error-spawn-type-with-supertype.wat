(component
  (core type $start (sub (shared (func (param i32)))))
  (core type $sub (sub $start (shared (func (param i32)))))
  (core func $spawn (canon thread.spawn-ref $sub)))
