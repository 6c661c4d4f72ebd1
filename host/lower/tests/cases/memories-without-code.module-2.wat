(module $data
  (type (;0;) (func))
  (import "d" "shared" (memory (;0;) 1 2 shared))
  (export "weft:initialize" (func 0))
  (func (;0;) (type 0)
    i32.const 8
    i32.const 0
    i32.const 17
    memory.init 0
    data.drop 0
  )
  (data (;0;) "no code, but data")
)
