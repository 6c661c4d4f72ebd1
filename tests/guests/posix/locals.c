/* Thread-local variables, and the destructors of thread-specific values: when a thread returns, joined or detached. */

#include "check.h"
#include <stdatomic.h>
#include <stdint.h>

static _Thread_local int zero;
static _Thread_local int seven = 7;
static _Thread_local _Alignas(64) char aligned[64];
static pthread_key_t key, other;
static atomic_int destroyed, again;

static void destroys(void *value) {
    CHECK(pthread_getspecific(key) == NULL);
    /* The variables of the thread are still there. */
    CHECK(zero == (intptr_t)value);
    destroyed++;
}

/* Sets a value again: its destructor runs once more. */
static void sets(void *value) {
    if (again++ % 2 == 0)
        CHECK(pthread_setspecific(other, value) == 0);
}

static void *uses(void *argument) {
    int number = (intptr_t)argument;
    CHECK(zero == 0 && seven == 7 && (uintptr_t)aligned % 64 == 0);
    for (; zero < number; sched_yield())
        zero++;
    seven = aligned[0] = 0;
    CHECK(pthread_getspecific(key) == NULL);
    CHECK(pthread_setspecific(key, argument) == 0);
    CHECK(pthread_setspecific(other, argument) == 0);
    CHECK(zero == number);
    return NULL;
}

int main(void) {
    CHECK(pthread_key_create(&key, destroys) == 0 && pthread_key_create(&other, sets) == 0);
    pthread_t threads[20];
    for (intptr_t number = 1; number <= 20; number++)
        CHECK(pthread_create(&threads[number - 1], NULL, uses, (void *)number) == 0);
    for (int thread = 0; thread < 20; thread++)
        CHECK(pthread_join(threads[thread], NULL) == 0);
    CHECK(destroyed == 20 && again == 40);
    pthread_t detached;
    CHECK(pthread_create(&detached, NULL, uses, (void *)4) == 0 && pthread_detach(detached) == 0);
    while (destroyed != 21)
        sched_yield();
    CHECK(zero == 0 && seven == 7);
    puts("locals: all checks passed");
}
