;; What Emscripten makes with `-O3`: all names are shortened.
(module
  (import "a" "b" (func (param i32)))
  (import "a" "a" (func (param i32) (result i32)))
  (memory (export "c") 1)
  (func (export "_a") (param i32))
  (func (export "$a") (param i32)))
