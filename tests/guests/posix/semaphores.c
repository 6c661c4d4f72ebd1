/* Semaphores: as many threads as one has units are in a section at once, and waits end in time. */

#include "check.h"
#include <limits.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

#define UNITS 3

static sem_t units;
static atomic_int inside, most;

static void *enters(void *argument) {
    for (int round = 0; round < 200; round++) {
        CHECK(sem_wait(&units) == 0);
        int now = ++inside;
        CHECK(now <= UNITS);
        int seen = most;
        while (now > seen && !atomic_compare_exchange_weak(&most, &seen, now))
            ;
        sched_yield();
        inside--;
        CHECK(sem_post(&units) == 0);
    }
    return argument;
}

/* The two take turns. */
static sem_t even, odd;
static int turn;

static void *takes_odd(void *argument) {
    for (int round = 0; round < 500; round++) {
        CHECK(sem_wait(&odd) == 0);
        CHECK(turn++ == 2 * round + 1);
        CHECK(sem_post(&even) == 0);
    }
    return argument;
}

int main(void) {
    CHECK(sem_init(&units, 0, UNITS) == 0);
    pthread_t threads[8];
    for (int thread = 0; thread < 8; thread++)
        CHECK(pthread_create(&threads[thread], NULL, enters, NULL) == 0);
    for (int thread = 0; thread < 8; thread++)
        CHECK(pthread_join(threads[thread], NULL) == 0);
    int value;
    CHECK(sem_getvalue(&units, &value) == 0 && value == UNITS && most >= 1);

    CHECK(sem_init(&even, 0, 1) == 0 && sem_init(&odd, 0, 0) == 0);
    CHECK(pthread_create(&threads[0], NULL, takes_odd, NULL) == 0);
    for (int round = 0; round < 500; round++) {
        CHECK(sem_wait(&even) == 0);
        CHECK(turn++ == 2 * round);
        CHECK(sem_post(&odd) == 0);
    }
    CHECK(pthread_join(threads[0], NULL) == 0 && turn == 1000);

    CHECK(sem_trywait(&odd) == -1 && errno == EAGAIN);
    struct timespec past = {0};
    CHECK(sem_timedwait(&odd, &past) == -1 && errno == ETIMEDOUT);
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 1000000;
    soon.tv_sec += soon.tv_nsec / 1000000000;
    soon.tv_nsec %= 1000000000;
    CHECK(sem_timedwait(&odd, &soon) == -1 && errno == ETIMEDOUT);
    CHECK(sem_init(&odd, 0, SEM_VALUE_MAX) == 0);
    CHECK(sem_post(&odd) == -1 && errno == EOVERFLOW);
    CHECK(sem_init(&odd, 0, (unsigned)SEM_VALUE_MAX + 1) == -1 && errno == EINVAL);
    CHECK(sem_destroy(&units) == 0);
    puts("semaphores: all checks passed");
}
