;; A command of preview 1 that creates a file in directory 3 and has it written to the disk. It exits with the first error number.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_sync" (func $fd_sync (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "synced")
  (func $check (param $errno i32)
    (if (local.get $errno) (then (call $proc_exit (local.get $errno)))))
  (func (export "_start")
    ;; With the rights to read, write and sync.
    (call $check (call $path_open (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 6) (i32.const 1)
      (i64.const 0x52) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $check (call $fd_sync (i32.load (i32.const 0))))))
