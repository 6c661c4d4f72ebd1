;; Which thread.spawn-indirect are valid, and their two spellings and encodings. The specification writes `shared` where
;; threads are preemptive, and has a byte for it; wasm-tools has neither, and goes by the start type.
;;! shared-everything = true

;;; SPAWN-IND-03 SPAWN-IND-05 SPAWN-IND-07
(component definition
  (core module $Functions (table (export "functions") shared 1 (ref null (shared func))))
  (core instance $functions (instantiate $Functions))
  (alias core export $functions "functions" (core table $table))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start $table (core func))
  (canon thread.spawn-indirect shared (core type $start) (core table $table) (core func))
  (core func (canon thread.spawn-indirect shared 0 (core table $functions "functions")))
  (canon thread.spawn-indirect $start $table (core func))
  (canon thread.spawn-indirect (core type $start) (core table $functions "functions") (core func)))

;; The defined function takes an element's index and the argument, and gives an index. It is shared exactly if the start
;; type is.
;;; SPAWN-IND-10
(component definition
  (core module $Functions (table (export "functions") shared 1 (ref null (shared func))))
  (core instance $functions (instantiate $Functions))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func $spawn))
  (core module $Main
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (import "thread" "spawn" (func (type $spawn))))
  (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
;;; SPAWN-IND-10 SETV-11
(assert_invalid
  (component
    (core module $Functions (table (export "functions") shared 1 (ref null (shared func))))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func $spawn))
    (core module $Main (import "thread" "spawn" (func (param i32 i32) (result i32))))
    (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
  "SPAWN-IND-10")
;;; SPAWN-IND-10
(assert_invalid
  (component
    (core module $Functions (table (export "functions") shared 1 (ref null (shared func))))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func $spawn))
    (core module $Main
      (type $spawn (shared (func (param i32) (result i32))))
      (import "thread" "spawn" (func (type $spawn))))
    (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
  "SPAWN-IND-10")
;;; SPAWN-IND-08 SPAWN-IND-10
(component definition
  (core module $Functions (table (export "functions") 1 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (canon thread.spawn-indirect $start (core table $functions "functions") (core func $spawn))
  (core module $Main (import "thread" "spawn" (func (param i32 i32) (result i32))))
  (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))

;; The start type: a function with one parameter, i32 or i64, and no result, shared exactly if the definition says so.
;;; SPAWN-IND-05
(component definition
  (core module $Functions (table (export "functions") shared 1 (ref null (shared func))))
  (core instance $functions (instantiate $Functions))
  (core type $start (shared (func (param i64))))
  (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func $spawn))
  (core module $Main
    (type $spawn (shared (func (param i32 i64) (result i32))))
    (import "thread" "spawn" (func (type $spawn))))
  (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
;;; SPAWN-IND-05
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32)))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func)))
  "SPAWN-IND-05")
;;; SPAWN-IND-05
(assert_invalid
  (component
    (core module $Functions (table (export "functions") shared 1 (ref null (shared func))))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (func (param f32))))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func)))
  "SPAWN-IND-05")
;;; SPAWN-IND-05
(assert_invalid
  (component
    (core module $Functions (table (export "functions") shared 1 (ref null (shared func))))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (func)))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func)))
  "SPAWN-IND-05")
;;; SPAWN-IND-05
(assert_invalid
  (component
    (core module $Functions (table (export "functions") shared 1 (ref null (shared func))))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (func (param i32 i32))))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func)))
  "SPAWN-IND-05")
;;; SPAWN-IND-05
(assert_invalid
  (component
    (core module $Functions (table (export "functions") shared 1 (ref null (shared func))))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (func (param i32) (result i32))))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func)))
  "SPAWN-IND-05")
;;; SPAWN-IND-05
(assert_invalid
  (component
    (core module $Functions (table (export "functions") shared 1 (ref null (shared func))))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (struct)))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func)))
  "SPAWN-IND-05")

;; The table: shared, of functions.
;;; SPAWN-IND-07
(component definition
  (core rec (type $start (shared (func (param i32)))))
  (core module $Functions
    (type $start (shared (func (param i32))))
    (table (export "functions") shared 1 10 (ref null $start)))
  (core instance $functions (instantiate $Functions))
  (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func)))
;;; SPAWN-IND-07
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func)))
  "SPAWN-IND-07")
;;; SPAWN-IND-07
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 (ref null (shared func))))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func)))
  "SPAWN-IND-07")
;;; SPAWN-IND-07
(assert_invalid
  (component
    (core module $Functions (table (export "functions") shared 1 (ref null (shared extern))))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func)))
  "SPAWN-IND-07")

;; An index operand has the table's address type.
;;; SPAWN-IND-09
(component definition
  (core module $Functions (table (export "functions") shared i64 1 (ref null (shared func))))
  (core instance $functions (instantiate $Functions))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func $spawn))
  (core module $Main
    (type $spawn (shared (func (param i64 i32) (result i32))))
    (import "thread" "spawn" (func (type $spawn))))
  (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
;;; SPAWN-IND-09
(assert_invalid
  (component
    (core module $Functions (table (export "functions") shared i64 1 (ref null (shared func))))
    (core instance $functions (instantiate $Functions))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-indirect shared $start (core table $functions "functions") (core func $spawn))
    (core module $Main
      (type $spawn (shared (func (param i32 i32) (result i32))))
      (import "thread" "spawn" (func (type $spawn))))
    (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
  "SPAWN-IND-10")

;; The start type is checked before the table.
;;; SPAWN-IND-06
(assert_invalid
  (component
    (core type $start (shared (func (param f32))))
    (canon thread.spawn-indirect shared $start 0 (core func)))
  "SPAWN-IND-05")
;;; SPAWN-IND-06
(assert_invalid
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-indirect shared $start 0 (core func)))
  "SPAWN-IND-07")

;; The specification's encoding: 0x41, whether `shared` was written, the start type, the table.
;;; SPAWN-IND-01 SPAWN-IND-02
(component binary
  "\00asm" "\0d\00\01\00"
  "\01\1a"                      ;; a core module
  "\00asm" "\01\00\00\00"
  "\04\05\01\65\70\02\01"       ;; a shared table of one (ref null (shared func))
  "\07\09\01\05table\01\00"     ;; its export
  "\02\04\01\00\00\00"          ;; an instance of the module
  "\06\0b\01"                   ;; an alias
  "\00\01\01\00\05table"        ;; of its core table
  "\03\06\01\65\60\01\7f\00"    ;; the type shared [i32] -> []
  "\08\05\01"                   ;; one canonical definition
  "\41\01\00\00")               ;; shared, type 0, table 0
;;; SPAWN-IND-01 SPAWN-IND-02
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
  "\08\05\01"                   ;; one canonical definition
  "\41\00\00\00")               ;; not shared, type 0, table 0
;;; SPAWN-IND-01 SPAWN-IND-05
(assert_invalid
  (component binary
    "\00asm" "\0d\00\01\00"
    "\01\1a"                      ;; a core module
    "\00asm" "\01\00\00\00"
    "\04\05\01\65\70\02\01"       ;; a shared table of one (ref null (shared func))
    "\07\09\01\05table\01\00"     ;; its export
    "\02\04\01\00\00\00"          ;; an instance of the module
    "\06\0b\01"                   ;; an alias
    "\00\01\01\00\05table"        ;; of its core table
    "\03\06\01\65\60\01\7f\00"    ;; the type shared [i32] -> []
    "\08\05\01"                   ;; one canonical definition
    "\41\00\00\00")               ;; not shared, although the type is
  "SPAWN-IND-05")
;;; SPAWN-IND-01 SPAWN-IND-05
(assert_invalid
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
    "\08\05\01"                   ;; one canonical definition
    "\41\01\00\00")               ;; shared, although the type is not
  "SPAWN-IND-05")
;; That of wasm-tools has no byte for it.
;;; SPAWN-IND-01 SPAWN-IND-02
(component binary
  "\00asm" "\0d\00\01\00"
  "\01\1a"                      ;; a core module
  "\00asm" "\01\00\00\00"
  "\04\05\01\65\70\02\01"       ;; a shared table of one (ref null (shared func))
  "\07\09\01\05table\01\00"     ;; its export
  "\02\04\01\00\00\00"          ;; an instance of the module
  "\06\0b\01"                   ;; an alias
  "\00\01\01\00\05table"        ;; of its core table
  "\03\06\01\65\60\01\7f\00"    ;; the type shared [i32] -> []
  "\08\04\01"                   ;; one canonical definition
  "\41\00\00")                  ;; type 0, table 0
;;; SPAWN-IND-01 SPAWN-IND-02
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
  "\41\00\00")                  ;; type 0, table 0
;; A section of several definitions is read in one way as a whole.
;;; SPAWN-IND-01 SPAWN-IND-02 SPAWN-REF-02 PAR-01
(component binary
  "\00asm" "\0d\00\01\00"
  "\01\1a"                      ;; a core module
  "\00asm" "\01\00\00\00"
  "\04\05\01\65\70\02\01"       ;; a shared table of one (ref null (shared func))
  "\07\09\01\05table\01\00"     ;; its export
  "\02\04\01\00\00\00"          ;; an instance of the module
  "\06\0b\01"                   ;; an alias
  "\00\01\01\00\05table"        ;; of its core table
  "\03\06\01\65\60\01\7f\00"    ;; the type shared [i32] -> []
  "\08\0a\03"                   ;; three canonical definitions
  "\41\01\00\00"                ;; thread.spawn-indirect shared 0 0
  "\40\01\00"                   ;; thread.spawn-ref shared 0
  "\42\01")                     ;; thread.available-parallelism shared
;;; SPAWN-IND-01 SPAWN-IND-02 SPAWN-REF-02 PAR-01
(component binary
  "\00asm" "\0d\00\01\00"
  "\01\1a"                      ;; a core module
  "\00asm" "\01\00\00\00"
  "\04\05\01\65\70\02\01"       ;; a shared table of one (ref null (shared func))
  "\07\09\01\05table\01\00"     ;; its export
  "\02\04\01\00\00\00"          ;; an instance of the module
  "\06\0b\01"                   ;; an alias
  "\00\01\01\00\05table"        ;; of its core table
  "\03\06\01\65\60\01\7f\00"    ;; the type shared [i32] -> []
  "\08\07\03"                   ;; three canonical definitions
  "\41\00\00"                   ;; thread.spawn-indirect 0 0
  "\40\00"                      ;; thread.spawn-ref 0
  "\42")                        ;; thread.available_parallelism
;; Neither way: 2 is not a byte that says whether, and one byte is left over without it.
;;; SPAWN-IND-01
(assert_malformed
  (component binary
    "\00asm" "\0d\00\01\00"
    "\01\1a"                      ;; a core module
    "\00asm" "\01\00\00\00"
    "\04\05\01\65\70\02\01"       ;; a shared table of one (ref null (shared func))
    "\07\09\01\05table\01\00"     ;; its export
    "\02\04\01\00\00\00"          ;; an instance of the module
    "\06\0b\01"                   ;; an alias
    "\00\01\01\00\05table"        ;; of its core table
    "\03\06\01\65\60\01\7f\00"    ;; the type shared [i32] -> []
    "\08\05\01"                   ;; one canonical definition
    "\41\02\00\00")
  "canonical")
