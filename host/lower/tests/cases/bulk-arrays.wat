;; Instructions on arrays whose counts are not known: a function does them, in chunks or in a loop that can be interrupted.
(component
  (core module $m
    (type $numbers (array (mut i16)))
    (type $constants (array i16))
    (type $references (array (mut funcref)))
    (type $functions (array (mut (ref func))))
    (data $small "0123456789")
    (elem $none funcref (ref.null func))
    (func (export "f") (param i32 i32 i32) (result i32)
      (local $a (ref null $numbers)) (local $r (ref null $references))
      (local.set $a (array.new $numbers (local.get 0) (local.get 1)))
      (drop (array.new $numbers (local.get 0) (i32.const 8192)))
      (drop (array.new $constants (local.get 0) (local.get 1)))
      (array.fill $numbers (local.get $a) (local.get 0) (local.get 1) (local.get 2))
      (array.copy $numbers $numbers (local.get $a) (local.get 0) (local.get $a) (local.get 1) (local.get 2))
      (array.copy $numbers $constants
        (local.get $a) (local.get 0) (array.new_data $constants $small (i32.const 0) (i32.const 5)) (i32.const 0) (local.get 2))
      ;; The segment is short.
      (array.init_data $numbers $small (local.get $a) (local.get 0) (local.get 1) (local.get 2))
      (local.set $r (array.new_elem $references $none (local.get 0) (local.get 1)))
      (drop (array.new $functions (ref.func 0) (local.get 0)))
      (drop (array.new_default $constants (local.get 0)))
      (drop (array.new_default $references (local.get 0)))
      (drop (array.new_default $references (i32.const 8192)))
      (array.len (local.get $r)))
    ;; Few elements, and no other instruction whose form depends on a constant before it.
    (func (export "few") (result i32) (array.len (array.new_default $references (i32.const 8192)))))
  (core instance $m (instantiate $m))
  (func (export "f") (param "a" u32) (param "b" u32) (param "c" u32) (result u32) (canon lift (core func $m "f"))))
