// Threads by the bindings that wit-bindgen generates for the package of ../../../wit. The context slots belong to the C compiler.
#include "guest.h"

#include <stdatomic.h>
#include <stdio.h>

#define CHECK(condition) ((condition) ? (void)0 : __builtin_trap())

enum { THREADS = 10 };

static _Atomic int ended, passed_on;
static _Thread_local int own = 1;

static void notify(_Atomic int *word) { __builtin_wasm_memory_atomic_notify((int *)word, 1); }
static void wait_while(_Atomic int *word, int value) { __builtin_wasm_memory_atomic_wait32((int *)word, value, -1); }

static void work(uint32_t number) {
    CHECK(own == 1);
    own += (int)number;
    CHECK(weft_threads_threads_index() > 1);
    ended += own;
    notify(&ended);
}

// Each turn is of a new thread, which begins suspended.
static void pass_on(uint32_t number) {
    passed_on = (int)number;
    notify(&passed_on);
}

static uint32_t suspended(int number) {
    uint32_t thread = weft_threads_scheduling_new_indirect((uint32_t)(uintptr_t)pass_on, (uint32_t)number);
    CHECK(thread != 0);
    return thread;
}

static void await_turn(int number) {
    for (int seen; (seen = passed_on) != number;) wait_while(&passed_on, seen);
}

static uint32_t main_thread;

static void resume_main(uint32_t number) {
    passed_on = (int)number;
    weft_threads_scheduling_resume_later(main_thread);
}

static uint32_t resumer(int number) {
    return weft_threads_scheduling_new_indirect((uint32_t)(uintptr_t)resume_main, (uint32_t)number);
}

int main(void) {
    CHECK(weft_threads_threads_available_parallelism() >= 1);
    main_thread = weft_threads_threads_index();
    for (uint32_t number = 0; number < THREADS; number++) {
        CHECK(weft_threads_threads_spawn_indirect((uint32_t)(uintptr_t)work, number) != 0);
    }
    for (int seen; (seen = ended) != 55;) wait_while(&ended, seen);
    CHECK(own == 1);

    weft_threads_scheduling_resume_later(suspended(1));
    await_turn(1);
    CHECK(!weft_threads_scheduling_yield());
    CHECK(!weft_threads_scheduling_yield_then_resume(suspended(2)));
    await_turn(2);
    // Whether the thread has ended or not, the caller goes on.
    CHECK(!weft_threads_scheduling_yield_then_promote(main_thread));

    // Only this one suspends the caller before the other thread can resume it.
    CHECK(!weft_threads_scheduling_suspend_then_resume(resumer(3)));
    CHECK(passed_on == 3);
    puts("all checks passed");
    return 0;
}
