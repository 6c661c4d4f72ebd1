;; Imported functions, in instances and outside, lowered with different options, and not lowered at all.
(component
  (import "f" (func $f (param "x" u32)))
  (import "unused" (func (param "text" string)))
  (import "test:imports/i@0.1.0" (instance $i
    (export "g" (func (param "text" string) (result (list u8))))
    (export "unused" (func (result (tuple u8 u8))))
    (export "inner" (instance (export "h" (func (param "a" (option string))))))))
  (alias export $i "inner" (instance $inner))
  (core module $libc
    (memory (export "one") 1 16 shared)
    (memory (export "two") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "one" (core memory $one))
  (alias core export $libc "two" (core memory $two))
  (alias core export $libc "realloc" (core func $realloc))
  (core func $f (canon lower (func $f)))
  (core func $g1 (canon lower (func $i "g") (memory $one) (realloc $realloc)))
  (core func $g2 (canon lower (func $i "g") (memory $two) (realloc $realloc) string-encoding=utf16))
  (core func $h (canon lower (func $inner "h") (memory $one) string-encoding=latin1+utf16))
  (core module $m
    (import "" "f" (func $f (param i32)))
    (import "" "g1" (func $g1 (param i32 i32 i32)))
    (import "" "g2" (func $g2 (param i32 i32 i32)))
    (import "" "h" (func $h (param i32 i32 i32)))
    (func (export "run")
      (call $f (i32.const 1))
      (call $g1 (i32.const 0) (i32.const 0) (i32.const 8))
      (call $g2 (i32.const 0) (i32.const 0) (i32.const 8))
      (call $h (i32.const 0) (i32.const 0) (i32.const 0))))
  (core instance $m (instantiate $m (with "" (instance
    (export "f" (func $f)) (export "g1" (func $g1)) (export "g2" (func $g2)) (export "h" (func $h))))))
  (func (export "run") (canon lift (core func $m "run")))
  ;; A lowered function that is lifted again.
  (func (export "again") (param "x" u32) (canon lift (core func $f))))
