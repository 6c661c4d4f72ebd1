// Threads meet at barriers: `barriers [COUNT]`. And who waits at one sleeps: it can be notified where it waits.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 8, TRIES = 1000000 };

static int count = 1000;
static pthread_barrier_t all, two;
static atomic_int arrived, early;

static void *meet(void *argument) {
    for (int round = 1; round <= count; round++) {
        arrived++;
        pthread_barrier_wait(&all);
        // Nobody can have got beyond the next barrier.
        early += arrived < round * THREADS || arrived > (round + 1) * THREADS;
    }
    return argument;
}

static void *wait_alone(void *argument) {
    pthread_barrier_wait(&two);
    return argument;
}

// Whether a thread sleeps that waits for another one at the barrier `two`. What it waits for is the last of the four words to
// which musl's barrier points.
static int sleeps(void) {
    int *volatile *words = (int *volatile *)&two + 3;
    for (int try = 0; try < TRIES; try++) {
        if (*words && __builtin_wasm_memory_atomic_notify(*words + 3, 1)) return 1;
        sched_yield();
    }
    return 0;
}

int main(int arguments, char **argument) {
    pthread_t ids[THREADS];
    if (arguments == 2) count = atoi(argument[1]);
    pthread_barrier_init(&all, NULL, THREADS);
    for (int number = 0; number < THREADS; number++) {
        if (pthread_create(&ids[number], NULL, meet, NULL)) return 1;
    }
    for (int number = 0; number < THREADS; number++) pthread_join(ids[number], NULL);
    printf("%d barriers of %d threads, %d passed too early\n", count, THREADS, early);

    pthread_barrier_init(&two, NULL, 2);
    if (pthread_create(&ids[0], NULL, wait_alone, NULL)) return 1;
    int slept = sleeps();
    pthread_barrier_wait(&two);
    pthread_join(ids[0], NULL);
    printf("%s\n", slept ? "who waits sleeps" : "who waits does not sleep");
    return 0;
}
