// Counts the prime numbers below a million on four threads. Each thread tells the host how many it has found.
// `host_function` in examples/embed is such a host.
#include "weft.h"

#define THREADS 4
#define LIMIT 1000000

__attribute__((import_module("progress"), import_name("report"))) void report(uint32_t primes);

static struct weft_thread threads[THREADS];
static char stacks[THREADS][16384];
static _Atomic uint32_t next = 2;

static bool is_prime(uint32_t number) {
    for (uint32_t divisor = 2; divisor * divisor <= number; divisor++)
        if (number % divisor == 0) return false;
    return true;
}

static void count(void *unused) {
    (void)unused;
    uint32_t number, primes = 0;
    while ((number = next++) < LIMIT) primes += is_prime(number);
    report(primes);
}

void _start(void) {
    for (int i = 0; i < THREADS; i++)
        if (!weft_thread_start(&threads[i], stacks[i], sizeof stacks[i], count, NULL)) __builtin_trap();
    for (int i = 0; i < THREADS; i++) weft_thread_join(&threads[i]);
}
