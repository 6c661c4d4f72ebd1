;; Built-ins that are lifted as they are: each gets a core module around it, one for all lifts of it.
(component
  (core func $index (canon thread.index))
  (core func $get (canon context.get i32 0))
  (core func $set (canon context.set i32 1))
  (func (export "index") (result u32) (canon lift (core func $index)))
  (func (export "same") (result u32) (canon lift (core func $index)))
  (func (export "get") (result u32) (canon lift (core func $get)))
  (func (export "set") (param "value" u32) (canon lift (core func $set))))
