// Spawns a thread and joins it, again and again, on one stack: `spawn_join_c [COUNT]`. Built for wasi-threads and for the
// built-ins.
#include "threads.h"

static struct thread thread;
static char stack[4096];
static _Thread_local uint32_t local = 5;
static uint32_t ran; // not atomic: join orders it

static void run(void *argument) {
    check(local == 5, "the stack's former user left nothing behind");
    local = 6;
    if (ran == (uint32_t)(uintptr_t)argument) ran++;
}

void _start(void) {
    uint32_t count = number_argument(arguments(), 0, 10000);
    for (uint32_t i = 0; i < count; i++) {
        check(spawn(&thread, stack, sizeof stack, run, (void *)(uintptr_t)i), "a thread starts");
        join(&thread);
    }
    check(ran == count, "each thread ran once");
    struct line line = {0};
    add_text(&line, "spawned and joined ");
    add_number(&line, ran);
    add_text(&line, " threads");
    write_line(1, &line);
}
