;; Imports component functions that no host supplies, beside one that it does.
(component
  (import "wasi:cli/environment@0.2.0" (instance (export "get-arguments" (func (result (list string))))))
  (import "my:music/player@1.0.0" (instance
    (export "song" (type (sub resource)))
    (export "play" (func (param "title" string)))))
  (import "beep" (func))
  (import "my:music/tuner@1.0.0" (instance (export "tune" (func async (result u32)))))
  (core module $main (func (export "run") (result i32) (i32.const 0)))
  (core instance $main (instantiate $main))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
