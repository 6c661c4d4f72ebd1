;; The binary format of what is shared.
;;! shared-everything = true

;; 0x65 before a composite type.
;;; SETB-01
(module definition binary
  "\00asm" "\01\00\00\00"
  "\01\19\05"                   ;; types
    "\65\60\00\00"              ;; shared [] -> []
    "\65\60\01\7f\00"           ;; shared [i32] -> []
    "\50\00\65\60\00\00"        ;; sub shared [] -> []
    "\65\5f\01\7f\01"           ;; a shared struct of one mutable i32
    "\65\5e\7e\00")             ;; a shared array of i64
;; 0x65 before a heap type, in full and in short.
;;; SETB-01
(module definition binary
  "\00asm" "\01\00\00\00"
  "\01\0a\01"                   ;; types
    "\65\60\02\63\65\70\65\6e\00") ;; shared [(ref null (shared func)), (ref null (shared any))] -> []
;;; SETB-01
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\06\01"                   ;; types
      "\65\65\60\00\00")          ;; shared twice
  "invalid leading byte")
;; Bit 1 of the flags of a table, and of a global.
;;; SETB-02
(module definition binary
  "\00asm" "\01\00\00\00"
  "\04\13\04"                   ;; tables
    "\65\70\02\01"              ;; shared, at least 1 element
    "\65\70\03\01\02"           ;; shared, 1 to 2 elements
    "\65\70\06\01"              ;; shared, with 64-bit indices
    "\65\70\01\01\02")          ;; not shared
;;; SETB-02
(module definition binary
  "\00asm" "\01\00\00\00"
  "\06\10\03"                   ;; globals
    "\7f\02\41\00\0b"           ;; a shared i32, constant
    "\7f\03\41\00\0b"           ;; a shared i32, variable
    "\7f\01\41\00\0b")          ;; an unshared i32, variable
;;; SETB-02
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\06\06\01"                   ;; globals
      "\7f\08\41\00\0b")          ;; flags that nothing defines
  "malformed global flags")
;;; SETB-02 SETV-10
(assert_invalid
  (module binary
    "\00asm" "\01\00\00\00"
    "\04\04\01"                   ;; tables
      "\70\02\01")                ;; shared, of funcref
  "must have a shared element type")
;;; SETB-02 SETV-09
(assert_invalid
  (module binary
    "\00asm" "\01\00\00\00"
    "\06\06\01"                   ;; globals
      "\70\02\d0\70\0b")          ;; shared, of funcref
  "must have a shared value type")
;; Bit 3 of the flags of a segment. weft refuses it by name, and takes each segment for shared.
;;; SETB-03
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\05\01"                  ;; types
      "\65\60\00\00"            ;; shared [] -> []
    "\03\02\01"                  ;; functions
      "\00"                      ;; a shared function
    "\09\05\01"                  ;; element segments
      "\0d\65\70\00"            ;; passive, shared, of (ref null (shared func)), empty
    "\0a\07\01"                  ;; code
      "\05\00\fc\0d\00\0b")     ;; elem.drop 0
  "SETB-03")
;;; SETB-03
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\05\01"                  ;; types
      "\65\60\00\00"            ;; shared [] -> []
    "\03\02\01"                  ;; functions
      "\00"                      ;; a shared function
    "\0c\01\01"                  ;; one data segment
    "\0a\07\01"                  ;; code
      "\05\00\fc\09\00\0b"      ;; data.drop 0
    "\0b\03\01"                  ;; data segments
      "\09\00")                  ;; passive, shared, empty
  "SETB-03")
;; The order of an atomic access: 0 or 1; in one that reads and writes it stands in both halves of the byte.
;;; SETB-04
(module definition binary
  "\00asm" "\01\00\00\00"
  "\01\04\01"                   ;; types
    "\60\00\00"                 ;; [] -> []
  "\03\02\01"                   ;; functions
    "\00"                       ;; a function
  "\06\06\01"                   ;; globals
    "\7f\03\41\00\0b"           ;; a shared i32, variable
  "\0a\09\01"                   ;; code
    "\07\00\fe\4f\00\00\1a\0b") ;; global.atomic.get seq_cst 0
;;; SETB-04
(module definition binary
  "\00asm" "\01\00\00\00"
  "\01\04\01"                   ;; types
    "\60\00\00"                 ;; [] -> []
  "\03\02\01"                   ;; functions
    "\00"                       ;; a function
  "\06\06\01"                   ;; globals
    "\7f\03\41\00\0b"           ;; a shared i32, variable
  "\0a\09\01"                   ;; code
    "\07\00\fe\4f\01\00\1a\0b") ;; global.atomic.get acq_rel 0
;;; SETB-04
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\04\01"                   ;; types
      "\60\00\00"                 ;; [] -> []
    "\03\02\01"                   ;; functions
      "\00"                       ;; a function
    "\06\06\01"                   ;; globals
      "\7f\03\41\00\0b"           ;; a shared i32, variable
    "\0a\09\01"                   ;; code
      "\07\00\fe\4f\02\00\1a\0b") ;; global.atomic.get with an order that nothing defines
  "invalid atomic consistency ordering")
;;; SETB-04
(module definition binary
  "\00asm" "\01\00\00\00"
  "\01\04\01"                   ;; types
    "\60\00\00"                 ;; [] -> []
  "\03\02\01"                   ;; functions
    "\00"                       ;; a function
  "\06\06\01"                   ;; globals
    "\7f\03\41\00\0b"           ;; a shared i32, variable
  "\0a\0b\01"                   ;; code
    "\09\00\41\01\fe\51\00\00\1a\0b");; global.atomic.rmw.add seq_cst 0
;;; SETB-04
(module definition binary
  "\00asm" "\01\00\00\00"
  "\01\04\01"                   ;; types
    "\60\00\00"                 ;; [] -> []
  "\03\02\01"                   ;; functions
    "\00"                       ;; a function
  "\06\06\01"                   ;; globals
    "\7f\03\41\00\0b"           ;; a shared i32, variable
  "\0a\0b\01"                   ;; code
    "\09\00\41\01\fe\51\11\00\1a\0b");; global.atomic.rmw.add acq_rel 0
;; wasm-tools writes one ordering. What looks like an access and is the end of a constant stays as it is.
;;; SETB-04
(module binary
  "\00asm" "\01\00\00\00"
  "\01\08"
    "\02"                               ;; types
    "\60\00\01\7f"                      ;; [] -> [i32]
    "\60\00\00"                         ;; [] -> []
  "\03\02"
    "\01\00"                            ;; a function
  "\04\04"
    "\01\70\00\01"                      ;; a table of one element
  "\06\06"
    "\01\7f\03\41\07\0b"                ;; a shared i32, variable
  "\07\05"
    "\01\01\66\00\00"                   ;; an export, "f"
  "\0a\35"
    "\01"                               ;; code
    "\33"
    "\01\01\7f"                         ;; one local of type i32
    "\23\00\04\40"                      ;; if the global is not 0
    "\41\05\fe\51\01\00\21\00"          ;;   global.atomic.rmw.add acq_rel 0, as wasm-tools has it
    "\05"                               ;; else
    "\41\06\fe\52\11\00\21\00"          ;;   global.atomic.rmw.sub acq_rel 0
    "\0b"                               ;; end
    "\23\00\41\0c\46\04\40"             ;; if it is 12 now
    "\20\00\0f"                         ;;   return what it was
    "\0b"                               ;; end
    "\41\fe\51\11\01\00"                ;; i32.const 10494, call_indirect (type 1)
    "\41\01\fe\d6\80\00\11\00"          ;; global.atomic.rmw.xchg acq_rel 0, with a long opcode
    "\0b")                               ;; end
;;; SETB-04
(assert_return (invoke "f") (i32.const 7))
;;; SETB-04
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\04\01"                   ;; types
      "\60\00\00"                 ;; [] -> []
    "\03\02\01"                   ;; functions
      "\00"                       ;; a function
    "\06\06\01"                   ;; globals
      "\7f\03\41\00\0b"           ;; a shared i32, variable
    "\0a\0b\01"                   ;; code
      "\09\00\41\01\fe\51\10\00\1a\0b");; reads in one order and writes in another
  "invalid atomic consistency ordering")
;;; SETB-04
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\04\01"                   ;; types
      "\60\00\00"                 ;; [] -> []
    "\03\02\01"                   ;; functions
      "\00"                       ;; a function
    "\06\06\01"                   ;; globals
      "\7f\03\41\00\0b"           ;; a shared i32, variable
    "\0a\09\01"                   ;; code
      "\07\00\fe\4f\11\00\1a\0b") ;; global.atomic.get does not write
  "SETB-04")
;;; SETB-04
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\04\01"                   ;; types
      "\60\00\00"                 ;; [] -> []
    "\03\02\01"                   ;; functions
      "\00"                       ;; a function
    "\06\06\01"                   ;; globals
      "\7f\03\41\00\0b"           ;; a shared i32, variable
    "\0a\0b\01"                   ;; code
      "\09\00\41\01\fe\51\22\00\1a\0b");; orders that nothing defines
  "invalid atomic consistency ordering")

;; The text of globals: `mut` has parentheses of its own.
;;; SETB-07
(module quote
  "(global (export \"constant\") (shared i32) (i32.const 1))"
  "(global (export \"variable\") (shared (mut i32)) (i32.const 2))")
;;; SETB-07
(assert_return (get "variable") (i32.const 2))
;; wasm-tools writes it without.
(module
  (global (export "constant") (shared i32) (i32.const 1))
  (global (export "variable") (shared mut i32) (i32.const 2)))
;;; SETB-07
(assert_return (get "constant") (i32.const 1))
(assert_return (get "variable") (i32.const 2))
