(component
  (core type $start (shared (func (param f32))))
  (core func $spawn (canon thread.spawn-ref $start)))
