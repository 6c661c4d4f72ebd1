// Threads, a mutex and a condition for freestanding C.
//
// A thread is spawned by wasi-threads or, with -DBUILTINS, by the Component Model's built-ins, as guest/weft.h has them.
#pragma once

#include "../../guest/weft.h"
#include "wasi.h"

static void wait_while(_Atomic int *word, int value) {
    __builtin_wasm_memory_atomic_wait32((int *)word, value, -1);
}

static void wake(_Atomic int *word, unsigned count) { __builtin_wasm_memory_atomic_notify((int *)word, count); }

#ifdef BUILTINS

struct thread {
    struct weft_thread thread;
    uint32_t id;
    void (*function)(void *);
    void *argument;
};

static void run_thread(void *argument) {
    struct thread *thread = argument;
    thread->id = weft_thread_index();
    thread->function(thread->argument);
}

static bool spawn(struct thread *thread, void *block, size_t size, void (*function)(void *), void *argument) {
    thread->function = function;
    thread->argument = argument;
    return weft_thread_start(&thread->thread, block, size, run_thread, thread);
}

static void join(struct thread *thread) { weft_thread_join(&thread->thread); }

#else

// The assembly below knows the offsets of the first three fields.
struct thread {
    struct weft_stack stack;
    _Atomic int finished;
    int id;
    void (*function)(void *);
    void *argument;
};

__attribute__((import_module("wasi"), import_name("thread-spawn"))) int thread_spawn(struct thread *thread);

__attribute__((used)) void run_thread(struct thread *thread) { thread->function(thread->argument); }

__asm__(".globaltype __stack_pointer, i32\n"
        ".globaltype __tls_base, i32\n"
        ".functype run_thread (i32) -> ()\n"
        ".globl wasi_thread_start\n"
        ".type wasi_thread_start,@function\n"
        ".export_name wasi_thread_start, wasi_thread_start\n"
        "wasi_thread_start:\n"
        "  .functype wasi_thread_start (i32, i32) -> ()\n" WEFT_ENTER_STACK("1") "  local.get 1\n"
        "  local.get 0\n"
        "  i32.store 12\n"
        "  local.get 1\n"
        "  call run_thread\n" WEFT_FINISH("1", "8") "  end_function\n");

// Starts a thread that calls `function(argument)` on a stack inside `block`. False when there can be no more threads.
static bool spawn(struct thread *thread, void *block, size_t size, void (*function)(void *), void *argument) {
    weft_lay_out_stack(&thread->stack, block, size);
    thread->finished = 0;
    thread->function = function;
    thread->argument = argument;
    // A spawn that fails returns a negative number.
    return thread_spawn(thread) > 0;
}

static void join(struct thread *thread) {
    while (thread->finished == 0) wait_while(&thread->finished, 0);
}

#endif

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
