;; A library's exports: those without a kebab-case name are left out, an underscore in front gives way, and one function may have
;; several names.
(module
  (func $seek (param i32) (result i32) (i32.const 0))
  (func (export "2d"))
  (func (export "größe"))
  (func (export "__lseek") (param i32) (result i32) (i32.const 1))
  (func (export "lseek") (param i32) (result i32) (i32.const 2))
  (func (export "_lseek") (param i32) (result i32) (i32.const 3))
  (export "seek" (func $seek))
  (export "Seek" (func $seek))
  (func (export "__only"))
  (func (export "vector") (param v128)))
