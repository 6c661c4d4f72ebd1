// A library: a module without `_start`, whose functions the host calls. `limits` and `async_calls` in examples/embed are such
// hosts. weft passes numbers, so the functions take and return those.
#include "weft.h"

#define EXPORT(name) __attribute__((export_name(name)))
#define THREADS 16

static struct weft_thread threads[THREADS];
static char stacks[THREADS][16384];
static _Atomic uint32_t next, found;
static uint32_t end;

static bool is_prime(uint32_t number) {
    for (uint32_t divisor = 2; divisor * divisor <= number; divisor++)
        if (number % divisor == 0) return false;
    return true;
}

static void count(void *unused) {
    (void)unused;
    uint32_t number, primes = 0;
    while ((number = next++) < end) primes += is_prime(number);
    found += primes;
}

// How many prime numbers are below `limit`, counted on `wanted` threads. -1 if they could not be started.
EXPORT("count_primes") int32_t count_primes(uint32_t limit, uint32_t wanted) {
    if (wanted > THREADS) return -1;
    next = 2;
    found = 0;
    end = limit;
    uint32_t started = 0;
    while (started < wanted && weft_thread_start(&threads[started], stacks[started], sizeof stacks[started], count, NULL))
        started++;
    for (uint32_t i = 0; i < started; i++) weft_thread_join(&threads[i]);
    return started == wanted ? (int32_t)found : -1;
}

static void fail(void *unused) {
    (void)unused;
    __builtin_trap();
}

// Traps in a thread of its own.
EXPORT("fail_in_thread") void fail_in_thread(void) {
    if (weft_thread_start(&threads[0], stacks[0], sizeof stacks[0], fail, NULL)) weft_thread_join(&threads[0]);
}

// Never returns.
EXPORT("run_forever") void run_forever(void) {
    while (true) next++;
}
