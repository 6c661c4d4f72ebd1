// Adds the numbers below a million on as many threads as can run at once, by guest/weft.h alone.
#include "../../guest/weft.h"
#include "wasi.h"

#define NUMBERS 1000000
#define MOST_THREADS 16

static struct weft_thread threads[MOST_THREADS];
static char stacks[MOST_THREADS][4096];
static uint32_t count;
static uint32_t indices[MOST_THREADS]; // not atomic: join orders it
static _Atomic uint64_t total;

static _Thread_local uint64_t sum;

static __attribute__((noinline)) void add(uint32_t number) { sum += number; }

static void run(void *argument) {
    uint32_t first = (uint32_t)(uintptr_t)argument;
    check(sum == 0, "a thread-local variable starts with its initial value");
    for (uint32_t number = first; number < NUMBERS; number += count) add(number);
    total += sum;
    indices[first] = weft_thread_index();
}

void _start(void) {
    uint32_t parallelism = weft_available_parallelism();
    check(parallelism >= 1 && parallelism == weft_available_parallelism(), "the parallelism is a constant");
    count = parallelism < MOST_THREADS ? parallelism : MOST_THREADS;
    for (uint32_t i = 0; i < count; i++) {
        bool started = weft_thread_start(&threads[i], stacks[i], sizeof stacks[i], run, (void *)(uintptr_t)i);
        check(started, "a thread starts");
    }
    for (uint32_t i = 0; i < count; i++) {
        weft_thread_join(&threads[i]);
        check(indices[i] != 0 && indices[i] != weft_thread_index(), "a thread has an index of its own");
    }
    check(sum == 0, "the main thread's variable is its own");
    struct line line = {0};
    add_text(&line, "sum ");
    add_number(&line, total);
    write_line(1, &line);
}
