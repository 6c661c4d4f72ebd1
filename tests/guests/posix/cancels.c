/* wasi-libc does not cancel threads: pthread_cancel says so, the thread goes on, and what only prepares for cancellation works. */

#include "check.h"
#include <semaphore.h>

static sem_t ready, go;
static int cleaned;

static void cleans(void *argument) {
    *(int *)argument += 1;
}

static void *goes_on(void *argument) {
    int old;
    CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old) == 0 && old == PTHREAD_CANCEL_ENABLE);
    CHECK(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old) == 0 && old == PTHREAD_CANCEL_DISABLE);
    CHECK(pthread_setcancelstate(77, &old) == EINVAL);
    pthread_cleanup_push(cleans, &cleaned);
    CHECK(sem_post(&ready) == 0 && sem_wait(&go) == 0);
    pthread_testcancel();
    pthread_cleanup_pop(1);
    pthread_cleanup_push(cleans, &cleaned);
    pthread_cleanup_pop(0);
    return argument;
}

int main(void) {
    pthread_t thread;
    void *result;
    CHECK(sem_init(&ready, 0, 0) == 0 && sem_init(&go, 0, 0) == 0);
    CHECK(pthread_create(&thread, NULL, goes_on, &ready) == 0);
    CHECK(sem_wait(&ready) == 0);
    int error = pthread_cancel(thread);
    printf("%d: %s\n", error, strerror(error));
    CHECK(sem_post(&go) == 0);
    CHECK(pthread_join(thread, &result) == 0 && result == &ready && cleaned == 1);
    puts("cancels: all checks passed");
}
