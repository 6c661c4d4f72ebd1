;; What a shared function may use: each rule with what is refused and a neighbour that is accepted.
;;! shared-everything = true

;; Globals and tables.
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (global $g i32 (i32.const 0))
    (func (type $f) (drop (global.get $g))))
  "SETV-01")
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (global $g (mut i32) (i32.const 0))
    (func (type $f) (global.set $g (i32.const 1))))
  "SETV-01")
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (global $g (import "" "") (mut i32))
    (func (type $f) (drop (global.atomic.rmw.add seq_cst $g (i32.const 1)))))
  "SETV-01")
(module definition
  (type $f (shared (func)))
  (global $constant (shared i32) (i32.const 0))
  (global $variable (shared mut i32) (i32.const 0))
  (func (type $f)
    (global.set $variable (global.get $constant))
    (drop (global.atomic.rmw.add seq_cst $variable (i32.const 1)))))
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t 1 (ref null (shared func)))
    (func (type $f) (drop (table.get $t (i32.const 0)))))
  "SETV-01")
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t 1 (ref null (shared func)))
    (func (type $f) (table.set $t (i32.const 0) (ref.null (shared func)))))
  "SETV-01")
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t 1 (ref null (shared func)))
    (func (type $f) (drop (table.size $t))))
  "SETV-01")
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t 1 (ref null (shared func)))
    (func (type $f) (drop (table.grow $t (ref.null (shared func)) (i32.const 1)))))
  "SETV-01")
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t 1 (ref null (shared func)))
    (func (type $f) (table.fill $t (i32.const 0) (ref.null (shared func)) (i32.const 1))))
  "SETV-01")
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t shared 1 (ref null (shared func)))
    (table $u 1 (ref null (shared func)))
    (func (type $f) (table.copy $t $u (i32.const 0) (i32.const 0) (i32.const 1))))
  "SETV-01")
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t 1 (ref null (shared func)))
    (elem $e (ref null (shared func)))
    (func (type $f) (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 0))))
  "SETV-01")
;;; SETV-01
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t 1 (ref null $f))
    (func (type $f) (call_indirect $t (type $f) (i32.const 0))))
  "SETV-01")
(module definition
  (type $f (shared (func)))
  (table $t shared 1 (ref null (shared func)))
  (table $u shared 1 (ref null (shared func)))
  (elem $e (ref null (shared func)))
  (func (type $f)
    (drop (table.get $t (i32.const 0)))
    (table.set $t (i32.const 0) (ref.null (shared func)))
    (drop (table.size $t))
    (drop (table.grow $t (ref.null (shared func)) (i32.const 1)))
    (table.fill $t (i32.const 0) (ref.null (shared func)) (i32.const 1))
    (table.copy $t $u (i32.const 0) (i32.const 0) (i32.const 1))
    (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 0))))

;; Functions, called directly and by reference.
;;; SETV-02
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func $unshared (type $u))
    (func (type $f) (call $unshared)))
  "SETV-02")
;;; SETV-02
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (import "" "" (func $unshared (type $u)))
    (func (type $f) (call $unshared)))
  "SETV-02")
;;; SETV-02
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func $unshared (type $u))
    (func (type $f) (return_call $unshared)))
  "SETV-02")
;;; SETV-02
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func $unshared (type $u))
    (elem declare func $unshared)
    (func (type $f) (drop (ref.func $unshared))))
  "SETV-02")
;;; SETV-02
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (call_ref $u (unreachable))))
  "SETV-02")
;;; SETV-02
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (return_call_ref $u (unreachable))))
  "SETV-02")
(module definition
  (type $f (shared (func)))
  (import "" "" (func $imported (type $f)))
  (func $shared (type $f))
  (elem declare (ref null $f) (ref.func $shared))
  (func (type $f)
    (call $imported)
    (call $shared)
    (drop (ref.func $shared))
    (call_ref $f (ref.func $shared))
    (return_call $shared)))

;; Memories.
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (func (type $f) (drop (i32.load (i32.const 0)))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (func (type $f) (i64.store8 (i32.const 0) (i64.const 0))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (func (type $f) (drop (i32.atomic.load (i32.const 0)))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (func (type $f) (drop (i64.atomic.rmw.add (i32.const 0) (i64.const 1)))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (func (type $f) (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (func (type $f) (drop (memory.atomic.notify (i32.const 0) (i32.const 0)))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (func (type $f) (drop (v128.load (i32.const 0)))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (func (type $f) (drop (memory.size))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (func (type $f) (drop (memory.grow (i32.const 0)))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (func (type $f) (memory.fill (i32.const 0) (i32.const 0) (i32.const 1))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory 1)
    (data $d "")
    (func (type $f) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory $m 1 1 shared)
    (memory $n 1)
    (func (type $f) (memory.copy $m $n (i32.const 0) (i32.const 0) (i32.const 1))))
  "SETV-03")
;;; SETV-03
(assert_invalid
  (module
    (type $f (shared (func)))
    (memory (import "" "") 1)
    (func (type $f) (drop (i32.load8_u (i32.const 0)))))
  "SETV-03")
(module definition
  (type $f (shared (func)))
  (memory $m 1 1 shared)
  (memory $n 1 1 shared)
  (data $d "")
  (func (type $f)
    (drop (i32.load (i32.const 0)))
    (i64.store8 (i32.const 0) (i64.const 0))
    (drop (i32.atomic.load (i32.const 0)))
    (drop (i64.atomic.rmw.add (i32.const 0) (i64.const 1)))
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))
    (drop (memory.atomic.notify (i32.const 0) (i32.const 0)))
    (drop (v128.load (i32.const 0)))
    (drop (memory.size))
    (drop (memory.grow (i32.const 0)))
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 1))
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0))
    (memory.copy $m $n (i32.const 0) (i32.const 0) (i32.const 1))))

;; Tags.
;;; SETV-04
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (tag $e (type $u))
    (func (type $f) (throw $e)))
  "SETV-04")
;;; SETV-04
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (tag $e (import "" "") (type $u))
    (func (type $f) (block $caught (try_table (catch $e $caught)))))
  "SETV-04")
(module definition
  (type $f (shared (func)))
  (tag $e (type $f))
  (func (type $f) (block $caught (try_table (catch $e $caught) (throw $e)))))
;; Segments have no mark yet, and count as shared.
(module definition
  (type $f (shared (func)))
  (data $d "data")
  (elem $e (ref null (shared func)))
  (func (type $f) (data.drop $d) (elem.drop $e)))

;; Locals and operands.
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (local anyref)))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (local funcref)))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (local (ref null extern))))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (local (ref null $u))))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (drop (ref.null any))))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (drop (ref.null func))))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (drop (ref.null $u))))
  "SETV-05")
;; A type that is only named, behind what is never reached.
(module
  (type $f (shared (func)))
  (func (type $f) (unreachable) (ref.test (ref (shared any))) (drop)))
;;; SETV-05
(assert_invalid
  (module
    (type $f (shared (func)))
    (func (type $f) (unreachable) (ref.test (ref any)) (drop)))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (drop (block (result anyref) (unreachable)))))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (drop (loop (result funcref) (unreachable)))))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (drop (if (result externref) (i32.const 0) (then (unreachable)) (else (unreachable))))))
  "SETV-05")
;;; SETV-05
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (func (type $f) (drop (select (result funcref) (unreachable) (unreachable) (i32.const 0)))))
  "SETV-05")
(module definition
  (type $f (shared (func)))
  (func (type $f)
    (local i32 i64 f32 f64 v128)
    (local (ref null (shared func)) (ref null (shared any)) (ref null (shared extern)) (ref null $f))
    (drop (ref.null (shared any)))
    (drop (ref.null (shared func)))
    (drop (ref.null $f))
    (drop (block (result (ref null (shared func))) (ref.null (shared func))))
    (drop (select (result (ref null $f)) (ref.null $f) (ref.null $f) (i32.const 0)))))

;; Structs and arrays.
;;; SETV-06
(assert_invalid
  (module
    (type $f (shared (func)))
    (type $s (struct (field i32)))
    (func (type $f) (drop (struct.new $s (i32.const 0)))))
  "unshared struct")
;;; SETV-06
(assert_invalid
  (module
    (type $f (shared (func)))
    (type $a (array i32))
    (func (type $f) (drop (array.new $a (i32.const 0) (i32.const 1)))))
  "unshared array")
(module definition
  (type $f (shared (func)))
  (type $s (shared (struct (field i32))))
  (type $a (shared (array i32)))
  (func (type $f)
    (drop (struct.new $s (i32.const 0)))
    (drop (array.new $a (i32.const 0) (i32.const 1)))))

;; An unshared function may use all that is shared.
;;; SETV-07
(module definition
  (type $u (func))
  (type $f (shared (func)))
  (global $g (shared mut i64) (i64.const 0))
  (table $t shared 1 (ref null (shared func)))
  (memory 1 1 shared)
  (tag $e (type $f))
  (func $shared (type $f))
  (elem declare (ref null $f) (ref.func $shared))
  (func (type $u)
    (local $r (ref null $f))
    (global.set $g (global.get $g))
    (table.set $t (i32.const 0) (ref.func $shared))
    (i32.store (i32.const 0) (i32.const 1))
    (call $shared)
    (local.set $r (ref.func $shared))
    (call_ref $f (local.get $r))
    (throw $e)))
