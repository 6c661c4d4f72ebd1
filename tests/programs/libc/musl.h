// Included before the sources of musl that wasi-libc does not have in Zig's package: it leaves out what needs Linux. The
// one system call in them that is ever made is a wake-up.
#include <stdlib.h>

#define __syscall(number, address, ...) (__builtin_wasm_memory_atomic_notify((int *)(address), 1), 0)
#define __block_app_sigs(set) ((void)(set))
#define __restore_sigs(set) ((void)(set))
#define __vm_lock() ((void)0)
#define __vm_unlock() ((void)0)
#define __vm_wait() ((void)0)
