(component
  (core func $get (canon context.get i32 2)))
