(component
  (core rec
    (type $start (shared (func (param i32))))
    (type $other (shared (func (param i64)))))
  (core func $spawn (canon thread.spawn-ref $start)))
