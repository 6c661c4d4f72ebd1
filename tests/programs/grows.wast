;; A memory and a table grow: in a core module, and in a component on either runtime.
(module
    (memory 1)
    (table 1 funcref)
    (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))
(assert_return (invoke "memory" (i32.const 4)) (i32.const 1))
(assert_return (invoke "memory" (i32.const 1000)) (i32.const -1))
(assert_return (invoke "table" (i32.const 1000000)) (i32.const -1))

(component
    (core module $m
        (memory 1)
        (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0))))
    (core instance $m (instantiate $m))
    (func (export "memory") (param "pages" s32) (result s32) (canon lift (core func $m "memory"))))
(assert_return (invoke "memory" (s32.const 4)) (s32.const 1))
(assert_return (invoke "memory" (s32.const 1000)) (s32.const -1))
