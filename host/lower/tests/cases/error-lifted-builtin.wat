(component
  (core func $index (canon thread.index))
  (func (export "f") (result u32) (canon lift (core func $index))))
