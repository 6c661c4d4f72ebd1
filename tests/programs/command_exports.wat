;; A command linked with `--export-all`: the names of its other functions meet in kebab case, or have none.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func (export "__lseek"))
  (func (export "lseek"))
  (func (export "Foo"))
  (func (export "foo"))
  (func (export "1abc"))
  (func (export "_start") (call $proc_exit (i32.const 3))))
