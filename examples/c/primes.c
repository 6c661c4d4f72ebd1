// Counts the prime numbers below a million on four threads. Built without a C library: see README.md.
#include "weft.h"

#define THREADS 4
#define LIMIT 1000000

struct text { const char *bytes; size_t length; };

__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write")))
int fd_write(int descriptor, const struct text *texts, size_t count, size_t *written);

static struct weft_thread threads[THREADS];
static char stacks[THREADS][16384];
static _Atomic uint32_t next = 2;
static _Atomic uint32_t found;

static bool is_prime(uint32_t number) {
    for (uint32_t divisor = 2; divisor * divisor <= number; divisor++)
        if (number % divisor == 0) return false;
    return true;
}

static void count(void *unused) {
    (void)unused;
    uint32_t number, primes = 0;
    while ((number = next++) < LIMIT) primes += is_prime(number);
    found += primes;
}

void _start(void) {
    for (int i = 0; i < THREADS; i++)
        if (!weft_thread_start(&threads[i], stacks[i], sizeof stacks[i], count, NULL)) __builtin_trap();
    for (int i = 0; i < THREADS; i++) weft_thread_join(&threads[i]);

    char digits[16];
    size_t first = sizeof digits;
    digits[--first] = '\n';
    for (uint32_t rest = found; rest != 0; rest /= 10) digits[--first] = (char)('0' + rest % 10);
    struct text text = {digits + first, sizeof digits - first};
    size_t written;
    fd_write(1, &text, 1, &written);
}
