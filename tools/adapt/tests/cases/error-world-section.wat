;; The description of a WIT world, cut short.
(module
  (memory (export "memory") 1)
  (func (export "blur") (param i32 i32 i32 i32 i32) (result i32) (i32.const 0))
  (@custom "component-type:wit-bindgen:0.57.0:demo:img:codec:encoded world" "\00"))
