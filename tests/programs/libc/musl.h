// Included before the sources of musl that wasi-libc does not have in Zig's package: it leaves out what needs Linux. The
// one system call in them that is ever made is `futex`, for which there are instructions.
#include <stdlib.h>
#include "futex.h"

// The word, what to do with it, and for a wait the value that it has until somebody wakes the thread.
static inline int wasm_futex(int *word, int operation, int value, ...) {
    switch (operation & ~FUTEX_PRIVATE) {
    case FUTEX_WAIT:
        __builtin_wasm_memory_atomic_wait32(word, value, -1);
        return 0;
    // Nobody can be made to wait for another word instead. Who wakes up waits there by itself.
    case FUTEX_REQUEUE:
        __builtin_wasm_memory_atomic_notify(word, 1);
        return 0;
    // Mutexes that are robust or inherit priorities, which there are none of.
    default:
        __builtin_trap();
    }
}

#define __syscall(number, word, ...) wasm_futex((int *)(word), __VA_ARGS__, 0)
#define __block_app_sigs(set) ((void)(set))
#define __restore_sigs(set) ((void)(set))
#define __vm_lock() ((void)0)
#define __vm_unlock() ((void)0)
#define __vm_wait() ((void)0)
