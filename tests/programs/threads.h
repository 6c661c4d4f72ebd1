// Threads, a mutex and a condition for freestanding C.
//
// A thread needs a stack and a copy of the thread-local variables before it can run any C, and C cannot say so: the two
// are globals of the module, `__stack_pointer` and `__tls_base`. So a thread starts in a few instructions of assembly,
// which take both from the `struct thread` that its creator filled.
//
// A thread is spawned by wasi-threads or, with -DBUILTINS, by the Component Model's built-in, imported by its name.
#pragma once

#include "wasi.h"

// The assembly below knows the offsets of the first four fields.
struct thread {
    void *stack_top;
    void *tls_base;
    _Atomic int finished;
    int id;
    void (*function)(void *);
    void *argument;
};

void __wasm_init_tls(void *block);

#define ENTER_THREAD(thread)                                                                                           \
    "  local.get " thread "\n"                                                                                         \
    "  i32.load 0\n"                                                                                                   \
    "  global.set __stack_pointer\n"                                                                                   \
    "  local.get " thread "\n"                                                                                         \
    "  i32.load 4\n"                                                                                                   \
    "  global.set __tls_base\n"

// The joiner may free the stack as soon as `finished` is set, so that is set where no stack is used any more.
#define RUN_THREAD(thread)                                                                                             \
    "  local.get " thread "\n"                                                                                         \
    "  call run_thread\n"                                                                                              \
    "  local.get " thread "\n"                                                                                         \
    "  i32.const 1\n"                                                                                                  \
    "  i32.atomic.store 8\n"                                                                                           \
    "  local.get " thread "\n"                                                                                         \
    "  i32.const -1\n"                                                                                                 \
    "  memory.atomic.notify 8\n"                                                                                       \
    "  drop\n"

__asm__(".globaltype __stack_pointer, i32\n"
        ".globaltype __tls_base, i32\n"
        ".functype run_thread (i32) -> ()\n");

#ifdef BUILTINS

__attribute__((import_module("$root"), import_name("[thread-spawn-indirect]"))) int spawn_indirect(
    void (*function)(struct thread *), struct thread *argument);
__attribute__((import_module("$root"), import_name("[thread-index]"))) int thread_index(void);

__attribute__((used)) void run_thread(struct thread *thread) {
    thread->id = thread_index();
    thread->function(thread->argument);
}

void start_thread(struct thread *thread);
__asm__(".globl start_thread\n"
        ".type start_thread,@function\n"
        "start_thread:\n"
        "  .functype start_thread (i32) -> ()\n" ENTER_THREAD("0") RUN_THREAD("0") "  end_function\n");

// A spawn that fails returns 0.
static bool start(struct thread *thread) { return spawn_indirect(start_thread, thread) != 0; }

#else

__attribute__((import_module("wasi"), import_name("thread-spawn"))) int thread_spawn(struct thread *thread);

__attribute__((used)) void run_thread(struct thread *thread) { thread->function(thread->argument); }

__asm__(".globl wasi_thread_start\n"
        ".type wasi_thread_start,@function\n"
        ".export_name wasi_thread_start, wasi_thread_start\n"
        "wasi_thread_start:\n"
        "  .functype wasi_thread_start (i32, i32) -> ()\n" ENTER_THREAD("1") "  local.get 1\n"
        "  local.get 0\n"
        "  i32.store 12\n" RUN_THREAD("1") "  end_function\n");

// A spawn that fails returns a negative number.
static bool start(struct thread *thread) { return thread_spawn(thread) > 0; }

#endif

// Starts a thread that calls `function(argument)` on a stack inside `block`. False when there can be no more threads.
static bool spawn(struct thread *thread, void *block, size_t size, void (*function)(void *), void *argument) {
    // The block begins with the thread-local variables, and the stack grows down towards them.
    size_t align = __builtin_wasm_tls_align();
    char *tls = block;
    if (align != 0) tls += (align - (uintptr_t)tls % align) % align;
    void *own = __builtin_wasm_tls_base();
    __wasm_init_tls(tls);
    __asm__ volatile("local.get %0\n"
                     "global.set __tls_base" ::"r"(own));

    thread->stack_top = (void *)(((uintptr_t)block + size) & ~(uintptr_t)15);
    thread->tls_base = tls;
    thread->finished = 0;
    thread->function = function;
    thread->argument = argument;
    return start(thread);
}

static void wait_while(_Atomic int *word, int value) {
    __builtin_wasm_memory_atomic_wait32((int *)word, value, -1);
}

static void wake(_Atomic int *word, unsigned count) { __builtin_wasm_memory_atomic_notify((int *)word, count); }

static void join(struct thread *thread) {
    while (thread->finished == 0) wait_while(&thread->finished, 0);
}

// 0: free. 1: locked. 2: locked, and somebody may be waiting.
struct mutex {
    _Atomic int state;
};

static void lock(struct mutex *mutex) {
    int state = 0;
    if (__c11_atomic_compare_exchange_strong(&mutex->state, &state, 1, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return;
    while (__c11_atomic_exchange(&mutex->state, 2, __ATOMIC_SEQ_CST) != 0) wait_while(&mutex->state, 2);
}

static void unlock(struct mutex *mutex) {
    if (__c11_atomic_exchange(&mutex->state, 0, __ATOMIC_SEQ_CST) == 2) wake(&mutex->state, 1);
}

// Counts the signals. A waiter sleeps as long as none has come since it released the mutex.
struct condition {
    _Atomic int signals;
};

static void wait(struct condition *condition, struct mutex *mutex) {
    int signals = condition->signals;
    unlock(mutex);
    wait_while(&condition->signals, signals);
    lock(mutex);
}

static void broadcast(struct condition *condition) {
    condition->signals++;
    wake(&condition->signals, UINT32_MAX);
}
