// Many threads alive at once: `many_alive [COUNT]`. All wait at one barrier, which opens when the last has come.
#include "threads.h"

#define PAGE 65536
#define STACK 1024

// One block of memory for each thread: its record, then its stack.
struct slot {
    struct thread thread;
    char stack[STACK];
};

static _Atomic int arrived, opened, sum;
static int expected;

static void run(void *argument) {
    if (++arrived == expected) wake(&arrived, 1);
    while (opened == 0) wait_while(&opened, 0);
    sum += (int)(uintptr_t)argument;
}

static void report(const char *before, int number, const char *after) {
    struct line line = {0};
    add_text(&line, before);
    add_number(&line, (uint64_t)number);
    add_text(&line, after);
    write_line(1, &line);
}

void _start(void) {
    expected = (int)number_argument(arguments(), 0, 1000);
    size_t first_page = __builtin_wasm_memory_grow(0, (expected * sizeof(struct slot) + PAGE - 1) / PAGE);
    check(first_page != SIZE_MAX, "there is memory for so many threads");
    struct slot *slots = (struct slot *)(first_page * PAGE);
    for (int i = 0; i < expected; i++) {
        struct slot *slot = &slots[i];
        check(spawn(&slot->thread, slot->stack, sizeof slot->stack, run, (void *)(uintptr_t)i), "a thread starts");
    }
    for (int count; (count = arrived) != expected;) wait_while(&arrived, count);
    check(sum == 0, "no thread passes the closed barrier");
    report("", arrived, " threads alive");
    opened = 1;
    wake(&opened, UINT32_MAX);
    for (int i = 0; i < expected; i++) join(&slots[i].thread);
    report("sum ", sum, "");
}
