;; Which thread.new-indirect are valid, and their encoding.

;;; NEW-02
(component definition
  (core module $Functions (table (export "functions") 1 funcref))
  (core instance $functions (instantiate $Functions))
  (alias core export $functions "functions" (core table $table))
  (core type $start (func (param i32)))
  (canon thread.new-indirect $start $table (core func))
  (canon thread.new-indirect (core type $start) (core table $table) (core func))
  (core func (canon thread.new-indirect $start (core table $functions "functions"))))

;; The defined function takes an element's index and the argument, and gives an index.
;;; NEW-03 NEW-04 NEW-05
(component
  (core module $Functions (table (export "functions") 1 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (core module $Main (import "thread" "new" (func (param i32 i32) (result i32))))
  (core instance (instantiate $Main (with "thread" (instance (export "new" (func $new)))))))
;;; NEW-05
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32)))
    (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
    (core module $Main (import "thread" "new" (func (param i32) (result i32))))
    (core instance (instantiate $Main (with "thread" (instance (export "new" (func $new)))))))
  "type mismatch")

;; The start function takes one i32 (or i64, see new-indirect-cooperative.wast) and gives nothing.
;;; NEW-03
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param f32)))
    (canon thread.new-indirect $start (core table $functions "functions") (core func)))
  "start function must take a single")
;;; NEW-03
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func))
    (canon thread.new-indirect $start (core table $functions "functions") (core func)))
  "start function must take a single")
;;; NEW-03
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32 i32)))
    (canon thread.new-indirect $start (core table $functions "functions") (core func)))
  "start function must take a single")
;;; NEW-03
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32) (result i32)))
    (canon thread.new-indirect $start (core table $functions "functions") (core func)))
  "start function must not return any values")
;;; NEW-03
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (struct))
    (canon thread.new-indirect $start (core table $functions "functions") (core func)))
  "start type must be a function")

;; The table holds functions.
;;; NEW-04
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 externref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32)))
    (canon thread.new-indirect $start (core table $functions "functions") (core func)))
  "table")
;;; NEW-04
(assert_invalid
  (component
    (core type $start (func (param i32)))
    (canon thread.new-indirect $start 0 (core func)))
  "unknown table")

;; 0x27, the start type and the table.
;;; NEW-01
(component binary
  "\00asm" "\0d\00\01\00"
  "\01\19"                      ;; a core module
  "\00asm" "\01\00\00\00"
  "\04\04\01\70\00\01"          ;; a table of one funcref
  "\07\09\01\05table\01\00"     ;; its export
  "\02\04\01\00\00\00"          ;; an instance of the module
  "\06\0b\01"                   ;; an alias
  "\00\01\01\00\05table"        ;; of its core table
  "\03\05\01\60\01\7f\00"       ;; the type [i32] -> []
  "\08\04\01"                   ;; one canonical definition
  "\27\00\00")                  ;; thread.new-indirect of type 0 and table 0
;;; NEW-01
(assert_invalid
  (component binary
    "\00asm" "\0d\00\01\00"
    "\03\05\01\60\01\7f\00"     ;; the type [i32] -> []
    "\08\04\01"
    "\27\00\00")                ;; there is no table
  "unknown table")
