;; Lets a file of the directory 3 grow to more than a megabyte, in three ways, and ends with the sum of their errors, each
;; one counted in a digit of its own to the base of four: 21 if each of them is `fbig`.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pwrite" (func $fd_pwrite (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_allocate" (func $fd_allocate (param i32 i64 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $fd_filestat_set_size (param i32 i64) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "file")
  (func $is_too_large (param $error i32) (result i32) (i32.eq (local.get $error) (i32.const 22)))
  (func $main (export "_start") (local $file i32)
    ;; One `ciovec`: a byte of the name.
    (i32.store (i32.const 16) (i32.const 8))
    (i32.store (i32.const 20) (i32.const 1))
    ;; Made if it is not there, with the rights to allocate, to write and to set the size.
    (if (call $path_open (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 4) (i32.const 1) (i64.const 0x400144)
          (i64.const 0) (i32.const 0) (i32.const 64))
      (then (call $proc_exit (i32.const 99))))
    (local.set $file (i32.load (i32.const 64)))
    (call $proc_exit
      (i32.add
        (call $is_too_large
          (call $fd_pwrite (local.get $file) (i32.const 16) (i32.const 1) (i64.const 0x100000) (i32.const 64)))
        (i32.add
          (i32.shl (call $is_too_large (call $fd_allocate (local.get $file) (i64.const 0) (i64.const 0x100000)))
            (i32.const 2))
          (i32.shl (call $is_too_large (call $fd_filestat_set_size (local.get $file) (i64.const 0x100000)))
            (i32.const 4)))))))
