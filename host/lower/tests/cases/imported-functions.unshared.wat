(component
  (type (;0;) (func (param "x" u32)))
  (import "f" (func $f (;0;) (type 0)))
  (type (;1;) (func (param "text" string)))
  (import "unused" (func (;1;) (type 1)))
  (type (;2;)
    (instance
      (type (;0;) (list u8))
      (type (;1;) (func (param "text" string) (result 0)))
      (export (;0;) "g" (func (type 1)))
      (type (;2;) (tuple u8 u8))
      (type (;3;) (func (result 2)))
      (export (;1;) "unused" (func (type 3)))
      (type (;4;)
        (instance
          (type (;0;) (option string))
          (type (;1;) (func (param "a" 0)))
          (export (;0;) "h" (func (type 1)))
        )
      )
      (export (;0;) "inner" (instance (type 4)))
    )
  )
  (import "test:imports/i@0.1.0" (instance $i (;0;) (type 2)))
  (alias export $i "inner" (instance $inner (;1;)))
  (core module $libc (;0;)
    (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
    (memory (;0;) 1 16)
    (memory (;1;) 1)
    (export "one" (memory 0))
    (export "two" (memory 1))
    (export "realloc" (func 0))
    (func (;0;) (type 0) (param i32 i32 i32 i32) (result i32)
      i32.const 0
    )
  )
  (core instance $libc (;0;) (instantiate $libc))
  (alias core export $libc "one" (core memory $one (;0;)))
  (alias core export $libc "two" (core memory $two (;1;)))
  (alias core export $libc "realloc" (core func $realloc (;0;)))
  (core func $f (;1;) (canon lower (func $f)))
  (alias export $i "g" (func (;2;)))
  (core func $g1 (;2;) (canon lower (func 2) (memory $one) (realloc $realloc)))
  (alias export $i "g" (func (;3;)))
  (core func $g2 (;3;) (canon lower (func 3) (memory $two) (realloc $realloc) string-encoding=utf16))
  (alias export $inner "h" (func (;4;)))
  (core func $h (;4;) (canon lower (func 4) (memory $one) string-encoding=latin1+utf16))
  (core module $m (;1;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32 i32)))
    (type (;2;) (func))
    (import "" "f" (func $f (;0;) (type 0)))
    (import "" "g1" (func $g1 (;1;) (type 1)))
    (import "" "g2" (func $g2 (;2;) (type 1)))
    (import "" "h" (func $h (;3;) (type 1)))
    (export "run" (func 4))
    (func (;4;) (type 2)
      i32.const 1
      call $f
      i32.const 0
      i32.const 0
      i32.const 8
      call $g1
      i32.const 0
      i32.const 0
      i32.const 8
      call $g2
      i32.const 0
      i32.const 0
      i32.const 0
      call $h
    )
  )
  (core instance (;1;)
    (export "f" (func $f))
    (export "g1" (func $g1))
    (export "g2" (func $g2))
    (export "h" (func $h))
  )
  (core instance $m (;2;) (instantiate $m
      (with "" (instance 1))
    )
  )
  (type (;3;) (func))
  (alias core export $m "run" (core func (;5;)))
  (func (;5;) (type 3) (canon lift (core func 5)))
  (type (;4;) (func (param "x" u32)))
  (func (;6;) (type 4) (canon lift (core func $f)))
  (export (;7;) "run" (func 5))
  (export (;8;) "again" (func 6))
)
