/* Locks for many readers or one writer: no reader sees half of a change, and readers are inside together. */

#include "check.h"
#include <stdatomic.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t together;
static long first, second;
static atomic_bool writes = true;

static void *reads(void *argument) {
    /* All readers hold the lock here. */
    CHECK(pthread_rwlock_rdlock(&lock) == 0);
    pthread_barrier_wait(&together);
    CHECK(pthread_rwlock_trywrlock(&lock) == EBUSY);
    pthread_barrier_wait(&together);
    CHECK(pthread_rwlock_unlock(&lock) == 0);
    while (writes) {
        CHECK(pthread_rwlock_rdlock(&lock) == 0);
        CHECK(first == second);
        CHECK(pthread_rwlock_unlock(&lock) == 0);
        sched_yield();
    }
    return argument;
}

static void *changes(void *argument) {
    for (int round = 0; round < 500; round++) {
        CHECK(pthread_rwlock_wrlock(&lock) == 0);
        first++;
        sched_yield();
        second++;
        CHECK(pthread_rwlock_unlock(&lock) == 0);
    }
    return argument;
}

int main(void) {
    CHECK(pthread_barrier_init(&together, NULL, 4) == 0);
    pthread_t readers[4], writers[2];
    for (int thread = 0; thread < 4; thread++)
        CHECK(pthread_create(&readers[thread], NULL, reads, NULL) == 0);
    for (int thread = 0; thread < 2; thread++)
        CHECK(pthread_create(&writers[thread], NULL, changes, NULL) == 0);
    for (int thread = 0; thread < 2; thread++)
        CHECK(pthread_join(writers[thread], NULL) == 0);
    writes = false;
    for (int thread = 0; thread < 4; thread++)
        CHECK(pthread_join(readers[thread], NULL) == 0);
    CHECK(first == 1000 && second == 1000);
    CHECK(pthread_rwlock_wrlock(&lock) == 0);
    CHECK(pthread_rwlock_tryrdlock(&lock) == EBUSY);
    CHECK(pthread_rwlock_trywrlock(&lock) == EBUSY);
    struct timespec past = {0};
    CHECK(pthread_rwlock_timedrdlock(&lock, &past) == ETIMEDOUT);
    CHECK(pthread_rwlock_unlock(&lock) == 0);
    CHECK(pthread_rwlock_destroy(&lock) == 0);
    puts("rwlocks: all checks passed");
}
