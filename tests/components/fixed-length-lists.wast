;; Fixed-length lists in memories between component instances. Wasmtime generates invalid code if the memory from which
;; they are passed has 64-bit addresses, so weft refuses that by name.

(component
  (component $To
    (core module $Libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
    (core instance $libc (instantiate $Libc))
    (alias core export $libc "memory" (core memory $memory))
    (alias core export $libc "realloc" (core func $realloc))
    (core module $M
      (import "" "memory" (memory 1))
      (func (export "sum") (param i32 i32) (result i32)
        (i32.add (i32.load16_u offset=2 (local.get 0)) (i32.load16_u offset=10 (local.get 0)))))
    (core instance $m (instantiate $M (with "" (instance $libc))))
    (func (export "sum") (param "l" (list (list (option u16) 3))) (result u32)
      (canon lift (core func $m "sum") (memory $memory) (realloc $realloc))))
  (instance $to (instantiate $To))
  (component $From
    (import "sum" (func $sum (param "l" (list (list (option u16) 3))) (result u32)))
    (core module $Libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
    (core instance $libc (instantiate $Libc))
    (alias core export $libc "memory" (core memory $memory))
    (alias core export $libc "realloc" (core func $realloc))
    (core func $sum (canon lower (func $sum) (memory $memory)))
    (core module $M
      (import "" "memory" (memory 1))
      (import "" "sum" (func $sum (param i32 i32) (result i32)))
      (data (i32.const 16) "\01\00\05\00\00\00\00\00\01\00\07\00")
      (func (export "run") (result i32) (call $sum (i32.const 16) (i32.const 1))))
    (core instance $m (instantiate $M (with "" (instance
      (export "memory" (memory $memory)) (export "sum" (func $sum))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $from (instantiate $From (with "sum" (func $to "sum"))))
  (export "run" (func $from "run")))
(assert_return (invoke "run") (u32.const 12))

(component
  (component $To
    (core module $Libc
      (memory (export "memory") i64 1)
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 64)))
    (core instance $libc (instantiate $Libc))
    (alias core export $libc "memory" (core memory $memory))
    (alias core export $libc "realloc" (core func $realloc))
    (core module $M
      (import "" "memory" (memory i64 1))
      (func (export "sum") (param i64 i64) (result i32)
        (i32.add (i32.load16_u offset=2 (local.get 0)) (i32.load16_u offset=10 (local.get 0)))))
    (core instance $m (instantiate $M (with "" (instance $libc))))
    (func (export "sum") (param "l" (list (list (option u16) 3))) (result u32)
      (canon lift (core func $m "sum") (memory $memory) (realloc $realloc))))
  (instance $to (instantiate $To))
  (component $From
    (import "sum" (func $sum (param "l" (list (list (option u16) 3))) (result u32)))
    (core module $Libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
    (core instance $libc (instantiate $Libc))
    (alias core export $libc "memory" (core memory $memory))
    (alias core export $libc "realloc" (core func $realloc))
    (core func $sum (canon lower (func $sum) (memory $memory)))
    (core module $M
      (import "" "memory" (memory 1))
      (import "" "sum" (func $sum (param i32 i32) (result i32)))
      (data (i32.const 16) "\01\00\05\00\00\00\00\00\01\00\07\00")
      (func (export "run") (result i32) (call $sum (i32.const 16) (i32.const 1))))
    (core instance $m (instantiate $M (with "" (instance
      (export "memory" (memory $memory)) (export "sum" (func $sum))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $from (instantiate $From (with "sum" (func $to "sum"))))
  (export "run" (func $from "run")))
(assert_return (invoke "run") (u32.const 12))

(assert_unlinkable
  (component
    (component $To
      (core module $Libc
        (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
      (core instance $libc (instantiate $Libc))
      (alias core export $libc "memory" (core memory $memory))
      (alias core export $libc "realloc" (core func $realloc))
      (core module $M
        (import "" "memory" (memory 1))
        (func (export "sum") (param i32 i32) (result i32)
          (i32.add (i32.load16_u offset=2 (local.get 0)) (i32.load16_u offset=10 (local.get 0)))))
      (core instance $m (instantiate $M (with "" (instance $libc))))
      (func (export "sum") (param "l" (list (list (option u16) 3))) (result u32)
        (canon lift (core func $m "sum") (memory $memory) (realloc $realloc))))
    (instance $to (instantiate $To))
    (component $From
      (import "sum" (func $sum (param "l" (list (list (option u16) 3))) (result u32)))
      (core module $Libc
        (memory (export "memory") i64 1)
        (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 64)))
      (core instance $libc (instantiate $Libc))
      (alias core export $libc "memory" (core memory $memory))
      (alias core export $libc "realloc" (core func $realloc))
      (core func $sum (canon lower (func $sum) (memory $memory)))
      (core module $M
        (import "" "memory" (memory i64 1))
        (import "" "sum" (func $sum (param i64 i64) (result i32)))
        (data (i64.const 16) "\01\00\05\00\00\00\00\00\01\00\07\00")
        (func (export "run") (result i32) (call $sum (i64.const 16) (i64.const 1))))
      (core instance $m (instantiate $M (with "" (instance
        (export "memory" (memory $memory)) (export "sum" (func $sum))))))
      (func (export "run") (result u32) (canon lift (core func $m "run"))))
    (instance $from (instantiate $From (with "sum" (func $to "sum"))))
    (export "run" (func $from "run")))
  "a fixed-length list that is passed from a 64-bit memory to another component instance")

(assert_unlinkable
  (component
    (component $To
      (core module $Libc
        (memory (export "memory") i64 1)
        (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 64)))
      (core instance $libc (instantiate $Libc))
      (alias core export $libc "memory" (core memory $memory))
      (alias core export $libc "realloc" (core func $realloc))
      (core module $M
        (import "" "memory" (memory i64 1))
        (func (export "sum") (param i64 i64) (result i32)
          (i32.add (i32.load16_u offset=2 (local.get 0)) (i32.load16_u offset=10 (local.get 0)))))
      (core instance $m (instantiate $M (with "" (instance $libc))))
      (func (export "sum") (param "l" (list (list (option u16) 3))) (result u32)
        (canon lift (core func $m "sum") (memory $memory) (realloc $realloc))))
    (instance $to (instantiate $To))
    (component $From
      (import "sum" (func $sum (param "l" (list (list (option u16) 3))) (result u32)))
      (core module $Libc
        (memory (export "memory") i64 1)
        (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 64)))
      (core instance $libc (instantiate $Libc))
      (alias core export $libc "memory" (core memory $memory))
      (alias core export $libc "realloc" (core func $realloc))
      (core func $sum (canon lower (func $sum) (memory $memory)))
      (core module $M
        (import "" "memory" (memory i64 1))
        (import "" "sum" (func $sum (param i64 i64) (result i32)))
        (data (i64.const 16) "\01\00\05\00\00\00\00\00\01\00\07\00")
        (func (export "run") (result i32) (call $sum (i64.const 16) (i64.const 1))))
      (core instance $m (instantiate $M (with "" (instance
        (export "memory" (memory $memory)) (export "sum" (func $sum))))))
      (func (export "run") (result u32) (canon lift (core func $m "run"))))
    (instance $from (instantiate $From (with "sum" (func $to "sum"))))
    (export "run" (func $from "run")))
  "a fixed-length list that is passed from a 64-bit memory to another component instance")
