// Uses the Component Model's thread built-ins by name and nothing else for its threads. It is written so that it needs
// neither a stack in memory nor thread-local variables; so the module has no mutable global, and both context slots
// are the program's own.
#include "wasi.h"

#define BUILTIN(name) __attribute__((import_module("$root"), import_name(name)))
#define THREADS 4
#define ROUNDS 1000

BUILTIN("[thread-spawn-indirect]") uint32_t spawn_indirect(void (*function)(uint32_t), uint32_t argument);
BUILTIN("[thread-index]") uint32_t thread_index(void);
BUILTIN("[thread-available-parallelism]") uint32_t available_parallelism(void);
BUILTIN("[context-get-0]") uint32_t context_get_0(void);
BUILTIN("[context-set-0]") void context_set_0(uint32_t value);
BUILTIN("[context-get-1]") uint32_t context_get_1(void);
BUILTIN("[context-set-1]") void context_set_1(uint32_t value);

static _Atomic int finished;
static uint32_t spawned[THREADS], seen[THREADS];
static const struct iovec done = {"built-ins: done\n", 16};
static size_t written;

// Status 0 is success, so each check has a status of its own.
static void require(bool holds, int status) {
    if (!holds) proc_exit(status);
}

static void run(uint32_t number) {
    require(context_get_0() == 0 && context_get_1() == 0, 10);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        context_set_0(number << 16 | round);
        context_set_1(~(number << 16 | round));
        if (round % 8 == 0) sched_yield();
        require(context_get_0() == (number << 16 | round), 11);
        require(context_get_1() == ~(number << 16 | round), 12);
    }
    seen[number] = thread_index();
    finished++;
    __builtin_wasm_memory_atomic_notify((int *)&finished, 1);
}

void _start(void) {
    require(available_parallelism() >= 1, 20);
    context_set_0(77);
    for (uint32_t number = 0; number < THREADS; number++) {
        spawned[number] = spawn_indirect(run, number);
        require(spawned[number] != 0, 21);
    }
    for (int count; (count = finished) != THREADS;) __builtin_wasm_memory_atomic_wait32((int *)&finished, count, -1);
    for (uint32_t number = 0; number < THREADS; number++) {
        require(seen[number] == spawned[number], 22);
        require(seen[number] != thread_index(), 23);
    }
    require(context_get_0() == 77 && context_get_1() == 0, 24);
    require(fd_write(1, &done, 1, &written) == 0, 25);
}
