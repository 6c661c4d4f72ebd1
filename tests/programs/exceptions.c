// C++ exceptions in many threads: `exceptions THREADS ROUNDS`, or `exceptions uncaught`, where a thread's exception is caught
// by none.
#include "threads.h"

const char *exceptions_test(int value);
void exceptions_let_out(int value);
int exceptions_live(void);

enum { MAX_THREADS = 64 };

static struct thread threads[MAX_THREADS];
static _Alignas(16) char stacks[MAX_THREADS][16384];
static uint32_t rounds;

static void run_rounds(void *argument) {
    int first = (int)(uintptr_t)argument;
    for (uint32_t round = 0; round < rounds; round++) {
        const char *failed = exceptions_test(first + (int)round);
        if (failed != NULL) check(false, failed);
    }
}

static void let_out(void *argument) { exceptions_let_out((int)(uintptr_t)argument); }

void _start(void) {
    struct arguments chosen = arguments();
    if (chosen.count > 0 && equal(chosen.values[0], "uncaught")) {
        check(spawn(&threads[0], stacks[0], sizeof stacks[0], let_out, NULL), "a thread is spawned");
        join(&threads[0]);
        return;
    }
    uint32_t count = number_argument(chosen, 0, 8);
    rounds = number_argument(chosen, 1, 100);
    check(count <= MAX_THREADS, "there are not too many threads");
    for (uint32_t i = 0; i < count; i++) {
        void *argument = (void *)(uintptr_t)(i * rounds);
        check(spawn(&threads[i], stacks[i], sizeof stacks[i], run_rounds, argument), "a thread is spawned");
    }
    run_rounds(NULL);
    for (uint32_t i = 0; i < count; i++) join(&threads[i]);
    check(exceptions_live() == 0, "every exception is destroyed");
    print("all caught");
}
