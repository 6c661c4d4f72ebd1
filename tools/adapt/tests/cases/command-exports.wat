;; What a command exports beside `_start` does not matter: a name that is not one function's alone is nobody's.
(module
  (func (export "_start"))
  (func (export "Foo"))
  (func (export "foo"))
  (func (export "1abc"))
  (func (export "__lseek"))
  (func (export "lseek"))
  (func (export "_a"))
  (func (export "$a"))
  (func (export "initialize"))
  (func (export "_initialize")))
