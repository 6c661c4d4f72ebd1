;; What is interrupted at each instruction. Each kernel takes a number and gives one; some trap instead. The memory is compared too.
(module
  (import "host" "double" (func $double (param i64) (result i64)))
  (import "host" "fail" (func $fail))
  (memory (export "memory") 3 3 shared)
  (tag $tag (param i64))
  (type $op (func (param i64) (result i64)))
  (type $box (struct (field (mut i64))))
  (table $ops 4 funcref)
  (elem (table $ops) (i32.const 0) func $times $fold)
  (elem $more func $fold $times)
  (data $text "interrupted at each instruction")
  (global $state (mut i64) (i64.const 88172645463325252))

  ;; Named as the caller of the pause.
  (func (export "own"))

  ;; Integers: rotations, divisions, wide multiplications, conditions.
  (func (export "integers") (param $n i32) (result i64) (local $h i64)
    (local.set $h (global.get $state))
    (loop $l
      (local.set $h (i64.xor (local.get $h) (i64.shl (local.get $h) (i64.const 13))))
      (local.set $h (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 7))))
      (local.set $h (i64.add (i64.rotl (local.get $h) (i64.const 17))
        (i64.div_u (local.get $h) (i64.extend_i32_u (i32.add (local.get $n) (i32.const 3))))))
      (local.set $h (select (local.get $h) (i64.popcnt (local.get $h)) (i64.ne (local.get $h) (i64.const 0))))
      (local.set $h (i64.add (local.get $h) (i64.extend_i32_s (i32.ctz (i32.wrap_i64 (local.get $h))))))
      (global.set $state (local.get $h))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))

  ;; Floating point, with conversions and comparisons.
  (func (export "floats") (param $n i32) (result i64) (local $x f64) (local $y f32)
    (local.set $x (f64.const 1.5))
    (local.set $y (f32.const 0.25))
    (loop $l
      (local.set $x (f64.add (f64.sqrt (f64.mul (local.get $x) (f64.const 1.7))) (f64.convert_i32_s (local.get $n))))
      (local.set $y (f32.div (f32.demote_f64 (local.get $x)) (f32.add (local.get $y) (f32.const 1.25))))
      (local.set $x (f64.sub (f64.max (local.get $x) (f64.promote_f32 (local.get $y))) (f64.floor (local.get $x))))
      (br_if $l (i32.and (local.tee $n (i32.sub (local.get $n) (i32.const 1))) (f64.lt (local.get $x) (f64.const 1e9)))))
    (i64.add (i64.reinterpret_f64 (local.get $x)) (i64.extend_i32_u (i32.reinterpret_f32 (local.get $y)))))

  ;; Calls: direct, recursive, of the host, indirect, of references.
  (func $fib (param i32) (result i64)
    (if (result i64) (i32.lt_s (local.get 0) (i32.const 2))
      (then (i64.extend_i32_s (local.get 0)))
      (else (i64.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func $times (type $op) (i64.mul (local.get 0) (i64.const 6364136223846793005)))
  (func $fold (type $op) (i64.xor (local.get 0) (i64.shr_u (local.get 0) (i64.const 7))))
  (func $wide (param i64 i64 i64 i64 i64 i64 i64 i64 f64 f64) (result i64 i64 i64 f64)
    (i64.add (local.get 0) (local.get 7)) (i64.sub (local.get 6) (local.get 1)) (i64.mul (local.get 2) (local.get 5))
    (f64.add (local.get 8) (local.get 9)))
  (func (export "calls") (param $n i32) (result i64) (local $h i64)
    (local.set $h (i64.const 3))
    (loop $l
      (local.set $h (i64.add (call $fib (i32.const 4)) (call_indirect (type $op) (local.get $h) (i32.and (local.get $n) (i32.const 1)))))
      (local.set $h (call_ref $op (local.get $h) (ref.func $fold)))
      (local.set $h (call $double (local.get $h)))
      (call $wide (local.get $h) (i64.const 2) (local.get $h) (i64.const 4) (i64.const 5) (i64.const 6) (local.get $h)
        (i64.const 8) (f64.const 1.5) (f64.const 2.5))
      (local.set $h (i64.trunc_sat_f64_s))
      (local.set $h (i64.add (local.get $h) (i64.add (i64.xor))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))

  ;; Tail calls between functions whose parameters take more and less of the stack.
  (func $count (param i64 i64) (result i64)
    (if (i64.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $grow (i64.sub (local.get 0) (i64.const 1)) (i64.add (local.get 1) (i64.const 3)) (i64.const 5) (i64.const 7)
      (f64.const 1.5) (i64.const 9) (i64.const 11) (i64.const 13) (i64.const 17)))
  (func $grow (param i64 i64 i64 i64 f64 i64 i64 i64 i64) (result i64)
    (if (i64.eqz (i64.and (local.get 0) (i64.const 3)))
      (then (return_call_indirect (type $op) (i64.add (local.get 1) (local.get 8)) (i32.const 1))))
    (return_call $count (local.get 0)
      (i64.add (i64.add (local.get 1) (i64.mul (local.get 2) (local.get 3)))
        (i64.add (i64.trunc_f64_s (f64.mul (local.get 4) (f64.const 2))) (i64.add (local.get 5) (i64.add (local.get 6) (local.get 7)))))))
  (func (export "tail_calls") (param $n i32) (result i64)
    (i64.add (call $count (i64.extend_i32_u (local.get $n)) (i64.const 1)) (call $count (i64.const 2) (i64.const 5))))

  ;; Exceptions that are thrown through frames, caught, and thrown on.
  (func $throws (param i64) (if (i32.wrap_i64 (i64.and (local.get 0) (i64.const 1))) (then (throw $tag (local.get 0)))))
  (func $through (param i64) (call $throws (i64.or (local.get 0) (i64.const 1))))
  (func $catches (param i64) (result i64)
    (block $h (result i64)
      (try_table (catch $tag $h) (call $through (i64.add (local.get 0) (i64.const 2))))
      (i64.const -1)))
  (func $rethrows (param i64) (result i64) (local exnref)
    (block $outer (result i64)
      (try_table (catch $tag $outer)
        (block $inner (result i64 exnref)
          (try_table (catch_ref $tag $inner) (call $through (local.get 0)))
          (unreachable))
        (local.set 1) (drop)
        (throw_ref (local.get 1)))
      (unreachable)))
  (func (export "exceptions") (param $n i32) (result i64) (local $h i64)
    (loop $l
      (local.set $h (i64.add (i64.mul (local.get $h) (i64.const 31)) (call $catches (local.get $h))))
      (local.set $h (i64.xor (local.get $h) (call $rethrows (local.get $h))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))
  (func (export "uncaught") (param $n i32) (result i64) (call $through (i64.extend_i32_u (local.get $n))) (i64.const 0))

  ;; Vectors: more of them alive than there are registers.
  (func (export "vectors") (param $n i32) (result i64) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $a (v128.const i32x4 1 2 3 4))
    (local.set $b (v128.const f32x4 1.5 2.5 3.5 4.5))
    (local.set $c (v128.const i64x2 0x123456789abcdef 0xfedcba987654321))
    (loop $l
      (local.set $a (i32x4.add (i32x4.mul (local.get $a) (v128.const i32x4 1664525 22695477 1103515245 134775813)) (i32x4.splat (local.get $n))))
      (local.set $b (f32x4.add (f32x4.sqrt (local.get $b)) (f32x4.convert_i32x4_s (local.get $a))))
      (local.set $c (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get $a) (local.get $c)))
      (local.set $d (v128.xor (i64x2.add (local.get $c) (local.get $d)) (i16x8.add_sat_s (local.get $a) (local.get $b))))
      (v128.store (i32.and (i32.mul (local.get $n) (i32.const 16)) (i32.const 0xff0)) (local.get $d))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i64.add (i64x2.extract_lane 0 (local.get $d)) (i64.add (i64x2.extract_lane 1 (local.get $c)) (i64.extend_i32_u (i32x4.bitmask (local.get $b))))))

  ;; The memory: accesses of each width, and the instructions for ranges.
  (func (export "memory_instructions") (param $n i32) (result i64) (local $h i64)
    (memory.init $text (i32.const 1024) (i32.const 0) (i32.const 31))
    (loop $l
      (i64.store8 (local.get $n) (local.get $h))
      (i64.store16 offset=256 (i32.shl (local.get $n) (i32.const 1)) (local.get $h))
      (i64.store32 offset=512 (i32.shl (local.get $n) (i32.const 2)) (local.get $h))
      (local.set $h (i64.add (i64.load offset=1020 (local.get $n)) (i64.load8_s offset=1024 (local.get $n))))
      (memory.copy (i32.const 2048) (i32.const 256) (i32.add (local.get $n) (i32.const 100)))
      (memory.fill (i32.add (i32.const 4096) (local.get $n)) (local.get $n) (i32.const 300))
      (local.set $h (i64.xor (local.get $h) (i64.load (i32.const 2048))))
      (local.set $h (i64.add (local.get $h) (i64.extend_i32_u (memory.size))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (drop (memory.grow (i32.const 1)))
    (local.get $h))

  ;; Atomic accesses of each kind.
  (func (export "atomics") (param $n i32) (result i64) (local $h i64)
    (loop $l
      (local.set $h (i64.add (local.get $h) (i64.atomic.rmw.add (i32.const 8192) (i64.const 3))))
      (local.set $h (i64.xor (local.get $h) (i64.atomic.rmw.xor (i32.const 8200) (local.get $h))))
      (local.set $h (i64.add (local.get $h) (i64.extend_i32_u (i32.atomic.rmw8.and_u (i32.const 8208) (local.get $n)))))
      (local.set $h (i64.add (local.get $h) (i64.atomic.rmw.xchg (i32.const 8216) (local.get $h))))
      (local.set $h (i64.add (local.get $h) (i64.atomic.rmw.cmpxchg (i32.const 8224) (i64.const 0) (local.get $h))))
      (i32.atomic.store (i32.const 8232) (local.get $n))
      (atomic.fence)
      (local.set $h (i64.add (local.get $h) (i64.extend_i32_u (i32.atomic.load (i32.const 8232)))))
      (drop (memory.atomic.notify (i32.const 8232) (i32.const 1)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))

  ;; Tables: reads, writes, ranges, growth, and a branch by a table.
  (func (export "tables") (param $n i32) (result i64) (local $h i64)
    (table.init $ops $more (i32.const 2) (i32.const 0) (i32.const 2))
    (drop (table.grow $ops (ref.null func) (i32.const 3)))
    (loop $l
      (table.copy $ops $ops (i32.const 4) (i32.const 0) (i32.const 2))
      (table.set $ops (i32.const 6) (table.get $ops (i32.and (local.get $n) (i32.const 3))))
      (local.set $h (i64.add (i64.const 1) (call_indirect (type $op) (local.get $h) (i32.const 6))))
      (block $z (block $y (block $x
        (br_table $x $y $z (i32.rem_u (local.get $n) (i32.const 3))))
        (local.set $h (i64.add (local.get $h) (i64.const 5))) (br $z))
        (table.fill $ops (i32.const 4) (ref.func $times) (i32.const 2)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i64.add (local.get $h) (i64.extend_i32_u (table.size $ops))))

  ;; Objects on the collected heap: their references are in registers where the code is interrupted.
  (func (export "objects") (param $n i32) (result i64) (local $box (ref null $box)) (local $h i64)
    (loop $l
      (local.set $box (struct.new $box (i64.add (local.get $h) (i64.extend_i32_u (local.get $n)))))
      (struct.set $box 0 (local.get $box) (call $double (struct.get $box 0 (local.get $box))))
      (local.set $h (i64.add (local.get $h) (struct.get $box 0 (local.get $box))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))

  ;; The end of the stack, in small frames and in large ones.
  (func $deep (param i64) (result i64) (i64.add (i64.const 1) (call $deep (i64.add (local.get 0) (i64.const 1)))))
  (func $large (param i64) (result i64)
    (local v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128)
    (local.set 1 (i64x2.splat (local.get 0))) (local.set 2 (i64x2.add (local.get 1) (local.get 1)))
    (local.set 3 (i64x2.add (local.get 2) (local.get 1))) (local.set 4 (i64x2.add (local.get 3) (local.get 2)))
    (local.set 5 (i64x2.add (local.get 4) (local.get 3))) (local.set 6 (i64x2.add (local.get 5) (local.get 4)))
    (local.set 0 (call $large (i64.add (local.get 0) (i64.const 1))))
    (i64.add (local.get 0) (i64x2.extract_lane 0 (v128.xor (v128.xor (v128.xor (local.get 1) (local.get 2)) (v128.xor (local.get 3) (local.get 4)))
      (v128.xor (local.get 5) (local.get 6))))))
  (func (export "overflow") (param i32) (result i64) (call $deep (i64.const 0)))
  (func (export "overflow_of_large_frames") (param i32) (result i64) (call $large (i64.const 0)))

  ;; Traps.
  (func (export "out_of_bounds") (param $n i32) (result i64)
    (loop $l
      (i32.store (local.tee $n (i32.add (local.get $n) (i32.const 4096))) (local.get $n))
      (br $l))
    (unreachable))
  (func (export "division_by_zero") (param $n i32) (result i64)
    (loop $l
      (drop (i32.div_s (i32.const 7) (local.get $n)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br $l))
    (unreachable))
  (func (export "unreachable") (param i32) (result i64) (drop (call $fib (local.get 0))) (unreachable))
  (func (export "no_element") (param i32) (result i64) (call_indirect (type $op) (i64.const 1) (i32.add (local.get 0) (i32.const 100))))
  (func (export "error_of_the_host") (param i32) (result i64) (drop (call $fib (local.get 0))) (call $fail) (i64.const 1))

  (func (export "spin") (param i32) (result i64) (loop $l (br $l)) (unreachable))
  ;; Nearly all of its time is the host's.
  (func (export "spin_in_the_host") (param i32) (result i64)
    (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $l)) (unreachable))
)
