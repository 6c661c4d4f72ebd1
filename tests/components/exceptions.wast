;; Exceptions in core modules of components: caught where they are thrown, within another core module, and by nobody.

(component definition $Throws
  (core module $Thrower
    (tag $tag (export "tag") (param i32))
    (func (export "throw") (param i32) (throw $tag (local.get 0)))
    (func (export "caught") (param i32) (result i32)
      (block $handler (result i32)
        (try_table (catch $tag $handler) (throw $tag (local.get 0)))
        (unreachable))))
  (core instance $thrower (instantiate $Thrower))
  (core module $Catcher
    (import "" "tag" (tag $tag (param i32)))
    (import "" "throw" (func $throw (param i32)))
    (tag $other)
    (func (export "catch") (param i32) (result i32)
      (block $handler (result i32)
        (try_table (catch $tag $handler) (call $throw (local.get 0)))
        (unreachable)))
    (func (export "any") (param i32) (result i32)
      (block $handler
        (try_table (catch_all $handler) (call $throw (local.get 0)))
        (unreachable))
      (i32.const 1))
    (func (export "again") (param i32) (result i32)
      (block $outer (result i32)
        (try_table (result i32) (catch $tag $outer)
          (block $inner (result exnref)
            (try_table (catch_all_ref $inner) (call $throw (local.get 0)))
            (unreachable))
          (throw_ref))))
    (func (export "wrong") (param i32) (result i32)
      (block $handler
        (try_table (catch $other $handler) (call $throw (local.get 0))))
      (i32.const 0)))
  (core instance $catcher (instantiate $Catcher (with "" (instance $thrower))))
  (func (export "caught") (param "n" u32) (result u32) (canon lift (core func $thrower "caught")))
  (func (export "catch") (param "n" u32) (result u32) (canon lift (core func $catcher "catch")))
  (func (export "any") (param "n" u32) (result u32) (canon lift (core func $catcher "any")))
  (func (export "again") (param "n" u32) (result u32) (canon lift (core func $catcher "again")))
  (func (export "wrong") (param "n" u32) (result u32) (canon lift (core func $catcher "wrong")))
  (func (export "throw") (param "n" u32) (canon lift (core func $thrower "throw"))))
(component instance $t $Throws)
(assert_return (invoke "caught" (u32.const 1)) (u32.const 1))
(assert_return (invoke "catch" (u32.const 2)) (u32.const 2))
(assert_return (invoke "any" (u32.const 3)) (u32.const 1))
(assert_return (invoke "again" (u32.const 4)) (u32.const 4))
(assert_trap (invoke "wrong" (u32.const 5)) "thrown Wasm exception")
(component instance $t $Throws)
(assert_trap (invoke "throw" (u32.const 6)) "thrown Wasm exception")

;; One that leaves a component for another is a trap, whatever the caller catches.
(component
  (component $Callee
    (core module $M (tag $t) (func (export "f") (throw $t)))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f"))))
  (instance $callee (instantiate $Callee))
  (component $Caller
    (import "f" (func $f))
    (core func $f (canon lower (func $f)))
    (core module $M
      (import "" "f" (func $f))
      (func (export "f")
        (block $handler (try_table (catch_all $handler) (call $f)))))
    (core instance $m (instantiate $M (with "" (instance (export "f" (func $f))))))
    (func (export "f") (canon lift (core func $m "f"))))
  (instance $caller (instantiate $Caller (with "f" (func $callee "f"))))
  (export "f" (func $caller "f")))
(assert_trap (invoke "f") "uncaught exception propagated out of component")

;; In `realloc`, in a start function and in a destructor.
(component
  (core module $M
    (tag $t)
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (throw $t))
    (func (export "f") (param i32 i32)))
  (core instance $m (instantiate $M))
  (func (export "f") (param "s" string)
    (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
(assert_trap (invoke "f" (str.const "a")) "thrown Wasm exception")
(assert_trap
  (component
    (core module $M (tag $t) (func $start (throw $t)) (start $start))
    (core instance (instantiate $M)))
  "thrown Wasm exception")
(component
  (core module $D (tag $t) (func (export "dtor") (param i32) (throw $t)))
  (core instance $d (instantiate $D))
  (type $r (resource (rep i32) (dtor (func $d "dtor"))))
  (core func $new (canon resource.new $r))
  (core func $drop (canon resource.drop $r))
  (core module $M
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "f") (call $drop (call $new (i32.const 1)))))
  (core instance $m (instantiate $M (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "f") (canon lift (core func $m "f"))))
(assert_trap (invoke "f") "thrown Wasm exception")

;; A component cannot catch what the destructor of another one throws.
(component
  (component $Owner
    (core module $D (tag $t) (func (export "dtor") (param i32) (throw $t)))
    (core instance $d (instantiate $D))
    (type $r' (resource (rep i32) (dtor (func $d "dtor"))))
    (core func $new (canon resource.new $r'))
    (export $r "r" (type $r'))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $new))))
  (instance $owner (instantiate $Owner))
  (component $User
    (import "owner" (instance $owner
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))))
    (alias export $owner "r" (type $r))
    (core func $make (canon lower (func $owner "make")))
    (core func $drop (canon resource.drop $r))
    (core module $M
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "drop") (block $caught (try_table (catch_all $caught) (call $drop (call $make (i32.const 1)))))))
    (core instance $m (instantiate $M (with "" (instance (export "make" (func $make)) (export "drop" (func $drop))))))
    (func (export "drop") (canon lift (core func $m "drop"))))
  (instance $user (instantiate $User (with "owner" (instance $owner))))
  (export "drop" (func $user "drop")))
(assert_trap (invoke "drop") "uncaught exception propagated out of component")
