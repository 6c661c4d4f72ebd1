(component
  (core type $preemptive (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-ref $preemptive))
  (component
    (core type $cooperative (func (param i32)))
    (core func (canon thread.spawn-ref $cooperative))))
