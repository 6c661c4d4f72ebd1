/* pthread_exit: anywhere in a thread, with handlers and destructors, and in the main thread. */

#include "check.h"
#include <stdatomic.h>
#include <stdint.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;
static atomic_int cleaned, destroyed, left;
static _Thread_local int local = 3;

/* The innermost handler runs first, and while the thread's variables and values are there. */
static void cleans(void *argument) {
    CHECK(local == (intptr_t)argument && pthread_getspecific(key) == &key);
    local++;
    cleaned++;
}

static void unlocks(void *argument) {
    CHECK(pthread_mutex_unlock(argument) == 0);
}

static void destroys(void *value) {
    CHECK(value == &key && local == 5);
    destroyed++;
}

static void goes_deep(int depth, volatile char *above) {
    volatile char here[100];
    here[0] = above[0];
    if (depth == 0)
        pthread_exit((void *)(intptr_t)(local * 10));
    goes_deep(depth - 1, here);
    /* Not the last thing, so that the call is no jump. */
    left += here[0];
}

static void *exits(void *argument) {
    volatile char first = 1;
    CHECK(local == 3);
    local = 3;
    CHECK(pthread_setspecific(key, &key) == 0 && pthread_mutex_lock(&mutex) == 0);
    pthread_cleanup_push(unlocks, &mutex);
    pthread_cleanup_push(cleans, (void *)4);
    pthread_cleanup_push(cleans, (void *)3);
    pthread_cleanup_push(cleans, (void *)77);
    pthread_cleanup_pop(0);
    goes_deep(*(int *)argument, &first);
    pthread_cleanup_pop(1);
    pthread_cleanup_pop(1);
    pthread_cleanup_pop(1);
    left++;
    return NULL;
}

static void *returns(void *argument) {
    pthread_cleanup_push(destroys, NULL);
    pthread_cleanup_pop(0);
    return argument;
}

static void *outlives_main(void *argument) {
    (void)argument;
    for (int i = 0; i < 1000; i++)
        sched_yield();
    local = 5;
    CHECK(pthread_setspecific(key, &key) == 0);
    puts("the other thread goes on");
    pthread_exit(NULL);
}

static void says(void) {
    printf("destroyed %d\n", destroyed);
}

int main(void) {
    pthread_t thread;
    void *result;
    int depth;
    CHECK(pthread_key_create(&key, destroys) == 0);
    for (depth = 0; depth < 500; depth++) {
        CHECK(pthread_create(&thread, NULL, exits, &depth) == 0);
        CHECK(pthread_join(thread, &result) == 0 && result == (void *)30);
        CHECK(cleaned == 2 * (depth + 1) && destroyed == depth + 1 && left == 0);
        CHECK(pthread_mutex_trylock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0);
        CHECK(pthread_create(&thread, NULL, returns, &depth) == 0);
        CHECK(pthread_join(thread, &result) == 0 && result == &depth);
    }
    CHECK(atexit(says) == 0);
    CHECK(pthread_create(&thread, NULL, outlives_main, NULL) == 0);
    CHECK(pthread_detach(thread) == 0);
    puts("the main thread ends");
    pthread_exit(NULL);
}
