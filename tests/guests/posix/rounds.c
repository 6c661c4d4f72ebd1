/* Barriers: nobody begins a round before all have ended the last, and one of each round is told so. */

#include "check.h"
#include <stdatomic.h>

#define THREADS 8
#define ROUNDS 200

static pthread_barrier_t barrier;
static atomic_int arrived, chosen;

static void *goes_round(void *argument) {
    for (int round = 1; round <= ROUNDS; round++) {
        arrived++;
        int result = pthread_barrier_wait(&barrier);
        CHECK(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
        if (result == PTHREAD_BARRIER_SERIAL_THREAD)
            chosen++;
        CHECK(arrived == THREADS * round);
        pthread_barrier_wait(&barrier);
    }
    return argument;
}

int main(void) {
    CHECK(pthread_barrier_init(&barrier, NULL, THREADS) == 0);
    pthread_t threads[THREADS];
    for (int thread = 0; thread < THREADS; thread++)
        CHECK(pthread_create(&threads[thread], NULL, goes_round, NULL) == 0);
    for (int thread = 0; thread < THREADS; thread++)
        CHECK(pthread_join(threads[thread], NULL) == 0);
    CHECK(chosen == ROUNDS);
    CHECK(pthread_barrier_destroy(&barrier) == 0);
    puts("rounds: all checks passed");
}
