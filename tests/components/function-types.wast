;; A function that an instance exports is the argument for a component's import only if it has the import's type: the same names of
;; parameters, types with the same structure, and the same resource types.

(component $f
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
    (func (export "none"))
    (func (export "one") (param i32))
    (func (export "two") (param i32 i32))
    (func (export "three") (param i32 i32 i32))
    (func (export "unary") (param i32) (result i32) (local.get 0))
    (func (export "number") (result i32) (i32.const 3)))
  (core instance $m (instantiate $M))
  (alias core export $m "memory" (core memory $memory))
  (alias core export $m "realloc" (core func $realloc))
  (func (export "none") (canon lift (core func $m "none")))
  (func (export "same") (param "n" u32) (result u32) (canon lift (core func $m "unary")))
  (type $rec' (record (field "a" u32) (field "b" (list string))))
  (export $rec "rec" (type $rec'))
  (func (export "record") (param "r" $rec)
    (canon lift (core func $m "three") (memory $memory) (realloc $realloc)))
  (type $v' (variant (case "x") (case "y" u8) (case "z" (tuple u8 u8))))
  (export $v "v" (type $v'))
  (func (export "variant") (param "v" $v) (canon lift (core func $m "three")))
  (type $e' (enum "p" "q"))
  (export $e "e" (type $e'))
  (func (export "enum") (param "e" $e) (canon lift (core func $m "one")))
  (type $l' (flags "r" "w"))
  (export $l "l" (type $l'))
  (func (export "flags") (param "l" $l) (canon lift (core func $m "one")))
  (func (export "option") (param "o" (option u8)) (canon lift (core func $m "two")))
  (func (export "result") (param "r" (result u8 (error s8))) (canon lift (core func $m "two")))
  (func (export "fixed") (param "l" (list u8 2)) (canon lift (core func $m "two")))
  (func (export "map") (param "m" (map u8 char))
    (canon lift (core func $m "two") (memory $memory) (realloc $realloc)))
  (type $r' (resource (rep i32)))
  (type $s' (resource (rep i32)))
  (export $r "r" (type $r'))
  (export $s "s" (type $s'))
  (func (export "own") (param "r" (own $r)) (canon lift (core func $m "one")))
  (func (export "borrow") (param "r" (borrow $r)) (canon lift (core func $m "one")))
  (component $C
    (core module $M (func (export "f") (param i32)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "n" u16) (canon lift (core func $m "f"))))
  (instance $i (instantiate $C))
  (export "i" (instance $i)))

;; All of them as they are. Names of types do not count.
(component
  (import "f" (instance
    (export "none" (func))
    (export "same" (func (param "n" u32) (result u32)))
    (type $rec' (record (field "a" u32) (field "b" (list string))))
    (export "other-name" (type $rec (eq $rec')))
    (export "record" (func (param "r" $rec)))
    (type $v' (variant (case "x") (case "y" u8) (case "z" (tuple u8 u8))))
    (export "v" (type $v (eq $v')))
    (export "variant" (func (param "v" $v)))
    (type $e' (enum "p" "q"))
    (export "e" (type $e (eq $e')))
    (export "enum" (func (param "e" $e)))
    (type $l' (flags "r" "w"))
    (export "l" (type $l (eq $l')))
    (export "flags" (func (param "l" $l)))
    (export "option" (func (param "o" (option u8))))
    (export "result" (func (param "r" (result u8 (error s8)))))
    (export "fixed" (func (param "l" (list u8 2))))
    (export "map" (func (param "m" (map u8 char))))
    (export "r" (type $r (sub resource)))
    (export "own" (func (param "r" (own $r))))
    (export "borrow" (func (param "r" (borrow $r))))
    (export "i" (instance (export "f" (func (param "n" u16))))))))

(assert_unlinkable
  (component (import "f" (instance (export "none" (func (param "n" u32))))))
  "`f#none` with a type that differs from the type of its definition: the number of parameters: expected 1, found 0")
(assert_unlinkable
  (component (import "f" (instance (export "none" (func (result u32))))))
  "the result: expected `u32`, found none")
(assert_unlinkable
  (component (import "f" (instance (export "same" (func (param "n" u32))))))
  "the result: expected none, found `u32`")
(assert_unlinkable
  (component (import "f" (instance (export "same" (func (param "m" u32) (result u32))))))
  "the name of parameter 1: expected `m`, found `n`")
(assert_unlinkable
  (component (import "f" (instance (export "same" (func (param "n" s32) (result u32))))))
  "parameter `n`: expected `s32`, found `u32`")
(assert_unlinkable
  (component (import "f" (instance (export "same" (func (param "n" char) (result u32))))))
  "parameter `n`: expected `char`, found `u32`")
(assert_unlinkable
  (component (import "f" (instance (export "same" (func (param "n" u32) (result u64))))))
  "the result: expected `u64`, found `u32`")
(assert_unlinkable
  (component (import "f" (instance
    (type $rec' (record (field "a" u32) (field "c" (list string))))
    (export "rec" (type $rec (eq $rec')))
    (export "record" (func (param "r" $rec))))))
  "parameter `r`: expected fields `a`, `c`, found fields `a`, `b`")
(assert_unlinkable
  (component (import "f" (instance
    (type $rec' (record (field "a" u32) (field "b" (list (list u8)))))
    (export "rec" (type $rec (eq $rec')))
    (export "record" (func (param "r" $rec))))))
  "element of field `b` of parameter `r`: expected `list<u8>`, found `string`")
(assert_unlinkable
  (component (import "f" (instance
    (type $v' (variant (case "x") (case "y" u8) (case "z" (tuple u8 s8))))
    (export "v" (type $v (eq $v')))
    (export "variant" (func (param "v" $v))))))
  "part 2 of case `z` of parameter `v`: expected `s8`, found `u8`")
(assert_unlinkable
  (component (import "f" (instance
    (type $v' (variant (case "x" u8) (case "y" u8) (case "z" (tuple u8 u8))))
    (export "v" (type $v (eq $v')))
    (export "variant" (func (param "v" $v))))))
  "case `x` of parameter `v`: expected `u8`, found none")
(assert_unlinkable
  (component (import "f" (instance
    (type $v' (variant (case "x") (case "y" u8)))
    (export "v" (type $v (eq $v')))
    (export "variant" (func (param "v" $v))))))
  "parameter `v`: expected cases `x`, `y`, found cases `x`, `y`, `z`")
(assert_unlinkable
  (component (import "f" (instance
    (type $e' (enum "q" "p"))
    (export "e" (type $e (eq $e')))
    (export "enum" (func (param "e" $e))))))
  "parameter `e`: expected cases `q`, `p`, found cases `p`, `q`")
(assert_unlinkable
  (component (import "f" (instance
    (type $l' (flags "r"))
    (export "l" (type $l (eq $l')))
    (export "flags" (func (param "l" $l))))))
  "parameter `l`: expected flags `r`, found flags `r`, `w`")
(assert_unlinkable
  (component (import "f" (instance (export "option" (func (param "o" (option s8)))))))
  "`some` of parameter `o`: expected `s8`, found `u8`")
(assert_unlinkable
  (component (import "f" (instance (export "result" (func (param "r" (result u8 (error u8))))))))
  "`error` of parameter `r`: expected `u8`, found `s8`")
(assert_unlinkable
  (component (import "f" (instance (export "result" (func (param "r" (result (error s8))))))))
  "`ok` of parameter `r`: expected none, found `u8`")
(assert_unlinkable
  (component (import "f" (instance (export "fixed" (func (param "l" (list u8 3)))))))
  "parameter `l`: expected `list<u8, 3>`, found `list<u8, 2>`")
(assert_unlinkable
  (component (import "f" (instance (export "fixed" (func (param "l" (tuple u8 u8)))))))
  "parameter `l`: expected `tuple`, found `list<u8, 2>`")
(assert_unlinkable
  (component (import "f" (instance (export "map" (func (param "m" (map u8 u32)))))))
  "value of parameter `m`: expected `u32`, found `char`")
(assert_unlinkable
  (component (import "f" (instance (export "map" (func (param "m" (list (tuple u8 char))))))))
  "parameter `m`: expected `list<tuple>`, found `map<u8, char>`")
(assert_unlinkable
  (component (import "f" (instance
    (export "s" (type $s (sub resource)))
    (export "own" (func (param "r" (own $s)))))))
  "of another resource type")
(assert_unlinkable
  (component (import "f" (instance
    (export "r" (type $r (sub resource)))
    (export "own" (func (param "r" (borrow $r)))))))
  "parameter `r`: expected `borrow`, found `own`")
(assert_unlinkable
  (component (import "f" (instance (export "i" (instance (export "f" (func (param "n" s16))))))))
  "`f#i#f` with a type that differs from the type of its definition: parameter `n`: expected `s16`, found `u16`")
