;; Which thread.spawn-ref are valid, and their two spellings and encodings.
;;! shared-everything = true

;;; SPAWN-REF-03 SPAWN-REF-05
(component definition
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func))
  (canon thread.spawn-ref shared (core type $start) (core func))
  (core func (canon thread.spawn-ref shared 0))
  (canon thread.spawn-ref $start (core func))
  (canon thread.spawn-ref (core type $start) (core func)))
;;; SPAWN-REF-03 SPAWN-REF-07
(component definition
  (core type $start (func (param i32)))
  (canon thread.spawn-ref $start (core func)))

;; The defined function takes a reference, which may be null, and the argument, and gives an index.
;;; SPAWN-REF-08
(component definition
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Main
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (import "thread" "spawn" (func (type $spawn))))
  (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
;;; SPAWN-REF-08
(component definition
  (core type $start (func (param i32)))
  (canon thread.spawn-ref $start (core func $spawn))
  (core module $Main
    (type $start (func (param i32)))
    (import "thread" "spawn" (func (param (ref null $start) i32) (result i32))))
  (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
;;; SPAWN-REF-08 SETV-11
(assert_invalid
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (import "thread" "spawn" (func (param (ref null $start) i32) (result i32))))
    (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
  "SPAWN-REF-08")
;;; SPAWN-REF-08
(assert_invalid
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $other (shared (func (param i64))))
      (type $spawn (shared (func (param (ref null $other) i32) (result i32))))
      (import "thread" "spawn" (func (type $spawn))))
    (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
  "SPAWN-REF-08")

;; The start type: a function with one parameter, i32 or i64, and no result, shared exactly if the definition says so.
;;; SPAWN-REF-06
(component definition
  (core type $start (shared (func (param i64))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Main
    (type $start (shared (func (param i64))))
    (type $spawn (shared (func (param (ref null $start) i64) (result i32))))
    (import "thread" "spawn" (func (type $spawn))))
  (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
;;; SPAWN-REF-05
(assert_invalid
  (component
    (core type $start (func (param i32)))
    (canon thread.spawn-ref shared $start (core func)))
  "SPAWN-REF-05")
;;; SPAWN-REF-06
(assert_invalid
  (component
    (core type $start (shared (func (param f32))))
    (canon thread.spawn-ref shared $start (core func)))
  "SPAWN-REF-06")
;;; SPAWN-REF-06
(assert_invalid
  (component
    (core type $start (shared (func (param v128))))
    (canon thread.spawn-ref shared $start (core func)))
  "SPAWN-REF-06")
;;; SPAWN-REF-06
(assert_invalid
  (component
    (core type $start (shared (func (param (ref null (shared func))))))
    (canon thread.spawn-ref shared $start (core func)))
  "SPAWN-REF-06")
;;; SPAWN-REF-05
(assert_invalid
  (component
    (core type $start (shared (func)))
    (canon thread.spawn-ref shared $start (core func)))
  "SPAWN-REF-05")
;;; SPAWN-REF-05
(assert_invalid
  (component
    (core type $start (shared (func (param i32 i32))))
    (canon thread.spawn-ref shared $start (core func)))
  "SPAWN-REF-05")
;;; SPAWN-REF-05
(assert_invalid
  (component
    (core type $start (shared (func (param i32) (result i32))))
    (canon thread.spawn-ref shared $start (core func)))
  "SPAWN-REF-05")
;;; SPAWN-REF-05
(assert_invalid
  (component
    (core type $start (shared (struct)))
    (canon thread.spawn-ref shared $start (core func)))
  "SPAWN-REF-05")
;;; SPAWN-REF-05
(assert_invalid
  (component
    (core type $start (module))
    (canon thread.spawn-ref shared $start (core func)))
  "SPAWN-REF-05")

;; The specification's encoding: 0x40, whether `shared` was written, the start type.
;;; SPAWN-REF-01 SPAWN-REF-02
(component binary
  "\00asm" "\0d\00\01\00"
  "\03\06\01\65\60\01\7f\00"    ;; the type shared [i32] -> []
  "\08\04\01"                   ;; one canonical definition
  "\40\01\00")                  ;; shared, type 0
;;; SPAWN-REF-01 SPAWN-REF-02 SPAWN-REF-07
(component binary
  "\00asm" "\0d\00\01\00"
  "\03\05\01\60\01\7f\00"       ;; the type [i32] -> []
  "\08\04\01"                   ;; one canonical definition
  "\40\00\00")                  ;; not shared, type 0
;;; SPAWN-REF-01 SPAWN-REF-05
(assert_invalid
  (component binary
    "\00asm" "\0d\00\01\00"
    "\03\06\01\65\60\01\7f\00"    ;; the type shared [i32] -> []
    "\08\04\01"                   ;; one canonical definition
    "\40\00\00")                  ;; not shared, although the type is
  "SPAWN-REF-05")
;;; SPAWN-REF-01 SPAWN-REF-05
(assert_invalid
  (component binary
    "\00asm" "\0d\00\01\00"
    "\03\05\01\60\01\7f\00"       ;; the type [i32] -> []
    "\08\04\01"                   ;; one canonical definition
    "\40\01\00")                  ;; shared, although the type is not
  "SPAWN-REF-05")
;; That of wasm-tools has no byte for it.
;;; SPAWN-REF-01 SPAWN-REF-02
(component binary
  "\00asm" "\0d\00\01\00"
  "\03\06\01\65\60\01\7f\00"    ;; the type shared [i32] -> []
  "\08\03\01"                   ;; one canonical definition
  "\40\00")                     ;; type 0
;;; SPAWN-REF-01 SPAWN-REF-02 SPAWN-REF-07
(component binary
  "\00asm" "\0d\00\01\00"
  "\03\05\01\60\01\7f\00"       ;; the type [i32] -> []
  "\08\03\01"                   ;; one canonical definition
  "\40\00")                     ;; type 0
;; Neither way.
;;; SPAWN-REF-01
(assert_malformed
  (component binary
    "\00asm" "\0d\00\01\00"
    "\03\06\01\65\60\01\7f\00"    ;; the type shared [i32] -> []
    "\08\04\01"                   ;; one canonical definition
    "\40\02\00")                  ;; 2 is not a byte that says whether
  "canonical")
