// Threads that hand over to each other: `contention HOW THREADS ROUNDS` prints how many nanoseconds they took, and fails
// if they got in each other's way. The benchmark also compiles it with the system's own compiler and C library.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_THREADS = 64, KEPT = 8, SMALLEST = 16, SIZES = 14, HEAP = 1 << 20 };

static int threads;
static long rounds;
static pthread_barrier_t begin, meeting;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long sections, turn, failures;

// One short section after the other, all in one mutex.
static void contend(int number) {
    (void)number;
    for (long round = 0; round < rounds; round++) {
        pthread_mutex_lock(&mutex);
        sections++;
        pthread_mutex_unlock(&mutex);
    }
}

// Each in turn, by a condition.
static void take_turns(int number) {
    for (long round = 0; round < rounds; round++) {
        pthread_mutex_lock(&mutex);
        while (turn % threads != number) pthread_cond_wait(&changed, &mutex);
        turn++;
        sections++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&mutex);
    }
}

// All at a barrier.
static void meet(int number) {
    (void)number;
    for (long round = 0; round < rounds; round++) {
        // One of them counts for all.
        if (pthread_barrier_wait(&meeting) == PTHREAD_BARRIER_SERIAL_THREAD) sections += threads;
    }
}

// A heap of its own, so that all compare the same code: one list of free blocks for each size, and one lock around all.
struct block {
    struct block *next;
    size_t size;
};

static _Alignas(16) unsigned char arena[HEAP];
static size_t arena_used;
static struct block *free_blocks[SIZES];

static void *allocate(size_t size) {
    pthread_mutex_lock(&mutex);
    struct block *block = free_blocks[size];
    if (block) {
        free_blocks[size] = block->next;
    } else {
        block = (struct block *)&arena[arena_used];
        arena_used += (size + 1) * SMALLEST;
        block->size = size;
    }
    sections++;
    pthread_mutex_unlock(&mutex);
    return block + 1;
}

static void release(void *memory) {
    if (!memory) return;
    struct block *block = (struct block *)memory - 1;
    pthread_mutex_lock(&mutex);
    block->next = free_blocks[block->size];
    free_blocks[block->size] = block;
    pthread_mutex_unlock(&mutex);
}

static void use_heap(int number) {
    unsigned char *kept[KEPT] = {0};
    for (long round = 0; round < rounds; round++) {
        unsigned char **place = &kept[round % KEPT];
        if (*place && **place != number) __atomic_fetch_add(&failures, 1, __ATOMIC_SEQ_CST);
        release(*place);
        *place = allocate(1 + (size_t)round % (SIZES - 1));
        memset(*place, number, SMALLEST);
    }
    for (int place = 0; place < KEPT; place++) release(kept[place]);
}

static const struct {
    const char *name;
    void (*run)(int number);
} ways[] = {{"mutex", contend}, {"condition", take_turns}, {"barrier", meet}, {"heap", use_heap}};

static void (*way)(int number);

static int64_t started[MAX_THREADS];

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void *run(void *argument) {
    int number = (int)(intptr_t)argument;
    pthread_barrier_wait(&begin);
    started[number] = now();
    way(number);
    return NULL;
}

int main(int arguments, char **argument) {
    pthread_t ids[MAX_THREADS];
    if (arguments != 4) return 2;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (!strcmp(argument[1], ways[i].name)) way = ways[i].run;
    }
    threads = atoi(argument[2]);
    rounds = atol(argument[3]);
    if (!way || threads < 1 || threads > MAX_THREADS) return 2;
    pthread_barrier_init(&begin, NULL, (unsigned)threads);
    pthread_barrier_init(&meeting, NULL, (unsigned)threads);
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&ids[i], NULL, run, (void *)(intptr_t)i)) return 1;
    }
    for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    int64_t end = now(), start = end;
    for (int i = 0; i < threads; i++) start = started[i] < start ? started[i] : start;
    if (failures || sections != threads * rounds) {
        fprintf(stderr, "%ld sections, %ld failures\n", sections, failures);
        return 1;
    }
    printf("%lld\n", (long long)(end - start));
    return 0;
}
