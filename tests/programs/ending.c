// One thread ends the program while the others are busy: `ending HOW MEANWHILE [DELAY]`.
//
// HOW is what the one thread does: `trap`, `divide`, `bounds`, `overflow` (four traps), `exit` (with status 7), or
// `return`, where it is the main function that returns. MEANWHILE is what three others do: `wait` (for ever), `spin`,
// `sleep` (an hour), `stdin` (read it), `compute`. Except with `return`, the main thread waits for ever. DELAY is how many
// milliseconds pass between the moment when all others have begun and the end: 0 catches some of them just before they
// block, more catches them blocked, and the outcome must be the same.
#include "threads.h"

#define OTHERS 3

static struct thread others[OTHERS], ender;
static char stacks[OTHERS + 1][4096];
static struct arguments chosen;
static _Atomic int begun;
static _Atomic int never;
static volatile double computed = 1.0;
static volatile int zero;

static __attribute__((noinline)) void wait_for_ever(void) {
    for (;;) wait_while(&never, 0);
}

static __attribute__((noinline)) void spin(void) {
    while (never == 0) {
    }
}

static __attribute__((noinline)) void sleep_an_hour(void) { sleep_nanoseconds(3600ull * 1000 * 1000 * 1000); }

static __attribute__((noinline)) void read_stdin(void) {
    char byte;
    struct iovec iovec = {&byte, 1};
    size_t read;
    check(fd_read(0, &iovec, 1, &read) == 0, "standard input can be read");
}

// A loop without a call and without an atomic access.
static __attribute__((noinline)) void compute(void) {
    double x = computed;
    for (uint64_t i = 0; i < 1ull << 60; i++) x = x * 0.999999 + 1e-9;
    computed = x;
}

static void (*meanwhile)(void);

static void run_other(void *argument) {
    (void)argument;
    begun++;
    wake(&begun, 1);
    meanwhile();
    check(false, "an other thread never comes to its end");
}

static __attribute__((noinline)) void unreachable(void) { __builtin_trap(); }

static __attribute__((noinline)) int divide(int by) { return 1000 / by; }

static __attribute__((noinline)) int out_of_bounds(void) { return *(volatile int *)(uintptr_t)(0xfffffff0u + (unsigned)zero); }

static __attribute__((noinline)) int overflow(int depth) { return zero == 1 ? depth : overflow(depth + 1) + zero; }

static __attribute__((noinline)) void finish(const char *how) {
    if (equal(how, "trap")) unreachable();
    if (equal(how, "divide")) zero = divide(zero);
    if (equal(how, "bounds")) zero = out_of_bounds();
    if (equal(how, "overflow")) zero = overflow(0);
    if (equal(how, "exit")) proc_exit(7);
}

static void wait_for_others(void) {
    for (int count; (count = begun) != OTHERS;) wait_while(&begun, count);
    uint32_t delay = number_argument(chosen, 2, 0);
    if (delay != 0) sleep_nanoseconds(delay * 1000000ull);
}

static void run_ender(void *argument) {
    wait_for_others();
    finish(argument);
    check(false, "the thread that ends the program does not continue");
}

static void (*activity(const char *name))(void) {
    if (equal(name, "wait")) return wait_for_ever;
    if (equal(name, "spin")) return spin;
    if (equal(name, "sleep")) return sleep_an_hour;
    if (equal(name, "stdin")) return read_stdin;
    if (equal(name, "compute")) return compute;
    return NULL;
}

void _start(void) {
    chosen = arguments();
    check(chosen.count >= 2, "there are two arguments");
    const char *how = chosen.values[0];
    meanwhile = activity(chosen.values[1]);
    check(meanwhile != NULL, "the second argument is known");

    for (int i = 0; i < OTHERS; i++)
        check(spawn(&others[i], stacks[i], sizeof stacks[i], run_other, NULL), "a thread starts");
    print("begun");
    if (equal(how, "return")) {
        wait_for_others();
        return;
    }
    check(spawn(&ender, stacks[OTHERS], sizeof stacks[OTHERS], run_ender, (void *)how), "a thread starts");
    join(&ender);
    wait_for_ever();
}
