// Ten threads print a line each, with thread-local text. Built for wasi-threads and for the built-ins.
#include "threads.h"

#define THREADS 10

static struct thread threads[THREADS];
static char stacks[THREADS][4096];

// Starts as a copy of this value in every thread.
static _Thread_local int number = -1;

static __attribute__((noinline)) void greet(void) {
    struct line line = {0};
    add_text(&line, "hello from thread ");
    add_number(&line, (uint64_t)number);
    write_line(1, &line);
}

static void run(void *argument) {
    check(number == -1, "a thread-local variable starts with its initial value");
    number = (int)(intptr_t)argument;
    greet();
}

void _start(void) {
    for (int i = 0; i < THREADS; i++)
        check(spawn(&threads[i], stacks[i], sizeof stacks[i], run, (void *)(intptr_t)i), "a thread starts");
    for (int i = 0; i < THREADS; i++) {
        join(&threads[i]);
        check(threads[i].id > 0, "a thread has a positive id");
    }
    check(number == -1, "the main thread's variable is its own");
    print("all joined");
}
