;; Imports of core modules: what is shared and what is not do not match each other, wherever in a type it stands.
;;! shared-everything = true

(module $Given
  (type $f (func))
  (type $shared-f (shared (func)))
  (type $open (sub (shared (func (result (ref null (shared func)))))))
  (type $below (sub final $open (shared (func (result (ref null $shared-f))))))
  (type $takes (func (param (ref null func))))
  (type $takes-shared (func (param (ref null (shared func)))))
  (global (export "global") i32 (i32.const 1))
  (global (export "variable") (mut i32) (i32.const 1))
  (global (export "reference") (ref null func) (ref.null func))
  (global (export "shared global") (shared i32) (i32.const 2))
  (global (export "shared variable") (shared mut i32) (i32.const 2))
  (global (export "shared reference") (shared (ref null $shared-f)) (ref.null $shared-f))
  (global (export "reference to shared") (ref null (shared func)) (ref.null (shared func)))
  (table (export "table") 1 funcref)
  (table (export "shared table") shared 1 (ref null (shared func)))
  (table (export "table of shared") 1 (ref null (shared func)))
  (memory (export "memory") 1 1)
  (memory (export "shared memory") 1 1 shared)
  (tag (export "tag") (type $f))
  (tag (export "shared tag") (type $shared-f))
  (func (export "function") (type $f))
  (func (export "shared function") (type $shared-f))
  (func (export "below") (type $below) (result (ref null $shared-f)) (ref.null $shared-f))
  (func (export "takes") (type $takes))
  (func (export "takes shared") (type $takes-shared)))
(register "given" $Given)

;; What fits.
(module $Importer
  (type $f (func))
  (type $shared-f (shared (func)))
  (type $open (sub (shared (func (result (ref null (shared func)))))))
  (type $takes (func (param (ref null func))))
  (type $takes-shared (func (param (ref null (shared func)))))
  (import "given" "global" (global i32))
  (global (export "shared variable") (import "given" "shared variable") (shared mut i32))
  (import "given" "shared memory" (memory 1 1 shared))
  (global (export "shared reference") (import "given" "shared reference") (shared (ref null (shared func))))
  (import "given" "reference to shared" (global (ref null (shared func))))
  (table (export "shared table") (import "given" "shared table") shared 1 (ref null (shared func)))
  (tag (export "shared tag") (import "given" "shared tag") (type $shared-f))
  (func (export "shared function") (import "given" "shared function") (type $shared-f))
  (func (export "below") (import "given" "below") (type $open))
  (import "given" "takes" (func (type $takes)))
  (import "given" "takes shared" (func (type $takes-shared)))
  (import "spectest" "print" (func (type $f)))
  (import "spectest" "table" (table 10 funcref))
  (global (export "own") (shared i32) (i32.const 3)))

;; Globals.
;;; SETV-11
(assert_unlinkable (module (import "given" "global" (global (shared i32)))) "incompatible import type")
;;; SETV-11
(assert_unlinkable (module (import "given" "shared global" (global i32))) "incompatible import type")
;;; SETV-11
(assert_unlinkable (module (import "given" "variable" (global (shared mut i32)))) "incompatible import type")
;;; SETV-11
(assert_unlinkable (module (import "given" "shared variable" (global (mut i32)))) "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (import "given" "reference" (global (ref null (shared func)))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable (module (import "given" "reference to shared" (global funcref))) "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (import "given" "shared reference" (global (ref null (shared func)))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (type $f (func)) (import "given" "reference to shared" (global (ref null $f))))
  "incompatible import type")

;; Tables.
;;; SETV-11
(assert_unlinkable
  (module (import "given" "table" (table shared 1 (ref null (shared func)))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable (module (import "given" "shared table" (table 1 funcref))) "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (import "given" "shared table" (table 1 (ref null (shared func)))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (import "given" "table of shared" (table shared 1 (ref null (shared func)))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable (module (import "given" "table of shared" (table 1 funcref))) "incompatible import type")
;;; SETV-11
(assert_unlinkable (module (import "given" "table" (table 1 (ref null (shared func))))) "incompatible import type")

;; Memories.
;;; SETV-11
(assert_unlinkable (module (import "given" "memory" (memory 1 1 shared))) "incompatible import type")
;;; SETV-11
(assert_unlinkable (module (import "given" "shared memory" (memory 1 1))) "incompatible import type")

;; Tags.
;;; SETV-11
(assert_unlinkable
  (module (type $f (shared (func))) (import "given" "tag" (tag (type $f))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (type $f (func)) (import "given" "shared tag" (tag (type $f))))
  "incompatible import type")

;; Functions, and types within theirs.
;;; SETV-11
(assert_unlinkable
  (module (type $f (shared (func))) (import "given" "function" (func (type $f))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (type $f (func)) (import "given" "shared function" (func (type $f))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (type $f (func (param (ref null (shared func))))) (import "given" "takes" (func (type $f))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (type $f (func (param funcref))) (import "given" "takes shared" (func (type $f))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module
    (type $f (func))
    (type $open (sub (shared (func (result (ref null (shared func)))))))
    (type $below (sub final $open (shared (func (result (ref null (shared nofunc)))))))
    (import "given" "below" (func (type $below))))
  "incompatible import type")

;; What the host gives is not shared.
;;; SETV-11
(assert_unlinkable
  (module (type $f (shared (func))) (import "spectest" "print" (func (type $f))))
  "incompatible import type")
;;; SETV-11
(assert_unlinkable (module (import "spectest" "global_i32" (global (shared i32)))) "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (import "spectest" "table" (table 10 (ref null (shared func)))))
  "incompatible import type")

;; An export that is an import is the item itself, with the type that its own module gave it.
(register "again" $Importer)
(module
  (type $shared-f (shared (func)))
  (type $open (sub (shared (func (result (ref null (shared func)))))))
  (type $below (sub final $open (shared (func (result (ref null $shared-f))))))
  (import "again" "shared variable" (global (shared mut i32)))
  (import "again" "shared reference" (global (shared (ref null $shared-f))))
  (import "again" "shared table" (table shared 1 (ref null (shared func))))
  (import "again" "shared tag" (tag (type $shared-f)))
  (import "again" "shared function" (func (type $shared-f)))
  (import "again" "below" (func (type $below)))
  (import "again" "own" (global (shared i32))))
;;; SETV-11
(assert_unlinkable (module (import "again" "shared variable" (global (mut i32)))) "incompatible import type")
;;; SETV-11
(assert_unlinkable (module (import "again" "own" (global i32))) "incompatible import type")
;;; SETV-11
(assert_unlinkable
  (module (type $f (func)) (import "again" "shared function" (func (type $f))))
  "incompatible import type")
;; What is not there, or is of another kind, is that first of all.
(assert_unlinkable (module (import "again" "nothing" (global (shared i32)))) "unknown import")
(assert_unlinkable (module (import "given" "function" (global (shared i32)))) "incompatible import type")
