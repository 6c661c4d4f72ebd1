;; A core module without threads, whose function has a name with an underscore.
(module
  (func (export "add_two") (param i32) (result i32) (i32.add (local.get 0) (i32.const 2))))
