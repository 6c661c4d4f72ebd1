// A library, not a command: `_initialize` and functions to call. `parallel_sum` uses threads.
#include "threads.h"

#define EXPORT(name) __attribute__((export_name(name)))
#define THREADS 4

static uint32_t initialized;

EXPORT("_initialize") void initialize(void) {
    check(initialized == 0, "it is initialized once");
    initialized = 1;
}

// 1 after `_initialize`, 0 before.
EXPORT("is_initialized") uint32_t is_initialized(void) { return initialized; }

EXPORT("add") uint32_t add(uint32_t a, uint32_t b) { return a + b; }

struct range {
    uint32_t first, end;
    uint64_t sum;
};

static struct thread threads[THREADS];
static char stacks[THREADS][4096];

static void sum(void *argument) {
    struct range *range = argument;
    for (uint32_t i = range->first; i < range->end; i++) range->sum += i;
}

// The sum of the numbers below `end`, by four threads. 0 if they cannot be started.
EXPORT("parallel_sum") uint64_t parallel_sum(uint32_t end) {
    struct range ranges[THREADS];
    int started = 0;
    for (; started < THREADS; started++) {
        uint32_t share = end / THREADS;
        ranges[started] = (struct range){share * started, started + 1 == THREADS ? end : share * (started + 1), 0};
        if (!spawn(&threads[started], stacks[started], sizeof stacks[started], sum, &ranges[started])) break;
    }
    uint64_t total = 0;
    for (int i = 0; i < started; i++) {
        join(&threads[i]);
        total += ranges[i].sum;
    }
    return started == THREADS ? total : 0;
}

// Traps in a thread of its own.
static void trap(void *argument) {
    (void)argument;
    __builtin_trap();
}

EXPORT("trap_in_thread") void trap_in_thread(void) {
    if (spawn(&threads[0], stacks[0], sizeof stacks[0], trap, NULL)) join(&threads[0]);
}
