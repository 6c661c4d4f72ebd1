// The Component Model's thread built-ins for C, by the names under which a module imports them that `weft adapt` turns into a
// component (or `weft run`, which adapts what it is given). ../wit/threads.wit tells more of each.
//
// There are two layers: the built-ins themselves, and threads that run C functions, made of them in weft.c. No C library is
// needed. What Clang and its linker need to be told:
//
//     clang --target=wasm32-unknown-unknown -matomics -mbulk-memory -mthread-model posix -pthread -ftls-model=local-exec \
//         -ffreestanding -nostdlib -c program.c weft.c
//     wasm-ld --shared-memory --import-memory --export-memory --max-memory=67108864 --export-table --no-entry \
//         --export-if-defined=_start program.o weft.o -o program.wasm
//
// --export-table lets `weft adapt` find the table that `[thread-spawn-indirect]` works on.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEFT_BUILTIN(name) __attribute__((import_module("$root"), import_name(name)))

// thread.spawn-indirect: starts a thread that calls `function(argument)`, and returns the thread's index. 0 means that there
// can be no more threads, or none at all (the deterministic profile). The thread has neither a stack nor thread-local
// variables, so `function` cannot be written in C: weft_thread_start gives both to a function that is.
WEFT_BUILTIN("[thread-spawn-indirect]") uint32_t weft_spawn_indirect(void (*function)(void *), void *argument);

// thread.index: the index of the calling thread. No two threads have the same while both live.
WEFT_BUILTIN("[thread-index]") uint32_t weft_thread_index(void);

// thread.available-parallelism: how many threads can be expected to run at once, 1 or more.
WEFT_BUILTIN("[thread-available-parallelism]") uint32_t weft_available_parallelism(void);

// context.get and context.set are not here. `weft adapt` keeps the stack pointer in a thread's slot 0 and the address of its
// thread-local variables in slot 1, and refuses a module that starts threads and uses the slots itself: use _Thread_local.

// What a thread needs before it runs C: two globals of the module, `__stack_pointer` and `__tls_base`, which C cannot name.
// The assembly below knows the offsets of the fields.
struct weft_stack {
    void *top;
    void *tls_base;
};

void __wasm_init_tls(void *block);

// Lays out a stack in a block of memory: the thread-local variables come first, and the stack grows down towards them.
static inline void weft_lay_out_stack(struct weft_stack *stack, void *block, size_t size) {
    size_t align = __builtin_wasm_tls_align();
    char *tls = block;
    if (align != 0) tls += (align - (uintptr_t)tls % align) % align;
    // Initialising a copy makes it that of the calling thread, which goes back to its own.
    void *own = __builtin_wasm_tls_base();
    __wasm_init_tls(tls);
    __asm__ volatile("local.get %0\n"
                     "global.set __tls_base" ::"r"(own));
    stack->top = (void *)(((uintptr_t)block + size) & ~(uintptr_t)15);
    stack->tls_base = tls;
}

// In assembly: enters the stack whose `struct weft_stack` the local of this number points to.
#define WEFT_ENTER_STACK(local)                                                                                        \
    "  local.get " local "\n"                                                                                          \
    "  i32.load 0\n"                                                                                                   \
    "  global.set __stack_pointer\n"                                                                                   \
    "  local.get " local "\n"                                                                                          \
    "  i32.load 4\n"                                                                                                   \
    "  global.set __tls_base\n"

// In assembly: wakes all who wait for the word at this offset from the local of this number, and makes it 1.
#define WEFT_FINISH(local, offset)                                                                                     \
    "  local.get " local "\n"                                                                                          \
    "  i32.const 1\n"                                                                                                  \
    "  i32.atomic.store " offset "\n"                                                                                  \
    "  local.get " local "\n"                                                                                          \
    "  i32.const -1\n"                                                                                                 \
    "  memory.atomic.notify " offset "\n"                                                                              \
    "  drop\n"

// A thread that runs a C function. weft.c knows the offsets of the first two fields.
struct weft_thread {
    struct weft_stack stack;
    _Atomic int finished;
    void (*function)(void *);
    void *argument;
};

// Starts a thread that calls `function(argument)` on a stack in `block`. `thread` and `block` must last until it is joined.
// False if there can be no more threads. Link with weft.c.
bool weft_thread_start(struct weft_thread *thread, void *block, size_t size, void (*function)(void *), void *argument);

// Waits until a thread has ended. Link with weft.c.
void weft_thread_join(struct weft_thread *thread);
