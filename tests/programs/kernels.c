// Kernels that compute: `kernels NAME THREADS COUNT` does COUNT pieces of work, and prints what their results add up to, which does
// not depend on the threads. The threads take the pieces in small groups, so that one whose core has other work for a while does less,
// and all end together. The time is taken from outside.
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_THREADS = 64, SIDE = 96, GROUPS = 512 };

// Pseudo-random numbers, one after the other.
static uint64_t random_numbers(long piece) {
    uint32_t state = (uint32_t)piece * 2654435761u + 1;
    uint64_t sum = 0;
    for (int i = 0; i < 1000; i++) {
        state = state * 1103515245u + 12345u;
        sum += (state >> 16) & 0x7fff;
    }
    return sum;
}

// The C library's, whose state is in memory.
static _Thread_local unsigned seed;
static uint64_t library_random_numbers(long piece) {
    uint64_t sum = 0;
    seed = (unsigned)piece + 1;
    for (int i = 0; i < 1000; i++) sum += (uint64_t)rand_r(&seed);
    return sum;
}

// Calls of tiny functions through a table.
static uint32_t add(uint32_t value) { return value + 7; }
static uint32_t mix(uint32_t value) { return value ^ 0x5555; }
static uint32_t turn(uint32_t value) { return value << 5 | value >> 27; }
static uint32_t twice(uint32_t value) { return value << 1; }
static uint32_t (*const steps[])(uint32_t) = {add, mix, turn, twice};
static uint64_t calls_through_a_table(long piece) {
    uint32_t value = (uint32_t)piece;
    for (int i = 0; i < 1000; i++) value = steps[(value ^ (uint32_t)i) & 3](value);
    return value;
}

static uint64_t format(long piece) {
    char text[64];
    uint64_t sum = 0;
    for (int i = 0; i < 10; i++) {
        int length = snprintf(text, sizeof text, "%ld: %s %08x %d", piece, "text", (unsigned)i * 40503u, i - 5);
        sum += (uint64_t)length + (unsigned char)text[length / 2];
    }
    return sum;
}

// A line of 256 points.
static uint64_t mandelbrot(long piece) {
    uint64_t sum = 0;
    double y0 = (double)(piece % 256) / 128 - 1;
    for (int column = 0; column < 256; column++) {
        double x0 = (double)column / 96 - 2, x = 0, y = 0;
        int steps_taken = 0;
        while (x * x + y * y <= 4 && steps_taken < 200) {
            double next = x * x - y * y + x0;
            y = 2 * x * y + y0;
            x = next;
            steps_taken++;
        }
        sum += (uint64_t)steps_taken;
    }
    return sum;
}

// A mutex that no other thread wants.
static uint64_t lock_alone(long piece) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    volatile uint64_t sections = (uint64_t)piece;
    for (int i = 0; i < 1000; i++) {
        pthread_mutex_lock(&mutex);
        sections++;
        pthread_mutex_unlock(&mutex);
    }
    return sections;
}

__attribute__((noinline)) static uint32_t fibonacci(uint32_t n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
static uint64_t recurse(long piece) { return fibonacci(18 + (uint32_t)piece % 2); }

static double normal(double x) {
    double k = 1 / (1 + 0.2316419 * fabs(x));
    double series = k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
    double tail = exp(-x * x / 2) * 0.39894228040143268 * series;
    return x < 0 ? tail : 1 - tail;
}
static uint64_t black_scholes(long piece) {
    double sum = 0;
    for (int i = 0; i < 100; i++) {
        double spot = 90 + (double)((piece + i) % 20), strike = 100, rate = 0.02, volatility = 0.3, time = 0.5 + (double)i / 50;
        double d1 = (log(spot / strike) + (rate + volatility * volatility / 2) * time) / (volatility * sqrt(time));
        double d2 = d1 - volatility * sqrt(time);
        sum += spot * normal(d1) - strike * exp(-rate * time) * normal(d2);
    }
    return (uint64_t)(sum * 1000);
}

static uint64_t exponents(long piece) {
    double sum = 0;
    for (int i = 1; i <= 100; i++) {
        double x = (double)(piece % 50 + i) / 37;
        sum += log(x) + exp(-x) + log(exp(x) + 1);
    }
    return (uint64_t)(sum * 1000 + 1e6);
}

static uint64_t multiply_matrices(long piece) {
    double(*a)[SIDE] = malloc(3 * sizeof(double[SIDE][SIDE])), (*b)[SIDE] = a + SIDE, (*c)[SIDE] = b + SIDE;
    for (int i = 0; i < SIDE; i++) {
        for (int j = 0; j < SIDE; j++) {
            a[i][j] = (double)((i * 3 + j + piece) % 17);
            b[i][j] = (double)((i + j * 5) % 13);
            c[i][j] = 0;
        }
    }
    for (int i = 0; i < SIDE; i++) {
        for (int k = 0; k < SIDE; k++) {
            double factor = a[i][k];
            for (int j = 0; j < SIDE; j++) c[i][j] += factor * b[k][j];
        }
    }
    uint64_t sum = 0;
    for (int i = 0; i < SIDE; i++) sum += (uint64_t)c[i][(i * 7) % SIDE];
    free(a);
    return sum;
}

static const struct {
    const char *name;
    uint64_t (*run)(long piece);
} kernels[] = {
    {"lcg", random_numbers},    {"rand", library_random_numbers}, {"table", calls_through_a_table}, {"snprintf", format},
    {"mandelbrot", mandelbrot}, {"mutex", lock_alone},            {"fib", recurse},                 {"blackscholes", black_scholes},
    {"exp-log", exponents},     {"matrix", multiply_matrices},
};

static uint64_t (*kernel)(long piece);
static long threads, count, group;
static atomic_long taken;
static uint64_t sums[MAX_THREADS];

static void *run(void *argument) {
    long number = (long)(intptr_t)argument;
    uint64_t sum = 0;
    for (;;) {
        long first = atomic_fetch_add(&taken, group);
        if (first >= count) break;
        for (long piece = first; piece < first + group && piece < count; piece++) sum += kernel(piece);
    }
    sums[number] = sum;
    return NULL;
}

int main(int arguments, char **argument) {
    pthread_t ids[MAX_THREADS];
    if (arguments != 4) return 2;
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        if (!strcmp(argument[1], kernels[i].name)) kernel = kernels[i].run;
    }
    threads = atol(argument[2]);
    count = atol(argument[3]);
    if (!kernel || threads < 1 || threads > MAX_THREADS) return 2;
    group = (count + GROUPS - 1) / GROUPS;
    // The main thread works too, so one thread starts no other.
    for (long i = 1; i < threads; i++) {
        if (pthread_create(&ids[i], NULL, run, (void *)(intptr_t)i)) return 1;
    }
    run(NULL);
    for (long i = 1; i < threads; i++) pthread_join(ids[i], NULL);
    uint64_t sum = 0;
    for (long i = 0; i < threads; i++) sum += sums[i];
    char text[32];
    int length = snprintf(text, sizeof text, "%llu\n", (unsigned long long)sum);
    return write(1, text, (size_t)length) != length;
}
