/* Each thread has its own errno, and functions of threads return their errors as POSIX says. */

#include "check.h"
#include <fcntl.h>
#include <unistd.h>

static pthread_barrier_t met;

static void *fails(void *argument) {
    bool bad_descriptor = argument != NULL;
    CHECK(errno == 0);
    for (int round = 0; round < 100; round++) {
        errno = 0;
        if (bad_descriptor)
            CHECK(close(1000) == -1);
        else
            CHECK(open("/missing", O_RDONLY) == -1);
        pthread_barrier_wait(&met);
        CHECK(errno == (bad_descriptor ? EBADF : ENOENT) || (!bad_descriptor && errno == ENOTCAPABLE));
        pthread_barrier_wait(&met);
    }
    return NULL;
}

static void *returns(void *argument) {
    return argument;
}

int main(void) {
    errno = EDOM;
    CHECK(pthread_barrier_init(&met, NULL, 2) == 0);
    pthread_t threads[2];
    CHECK(pthread_create(&threads[0], NULL, fails, NULL) == 0);
    CHECK(pthread_create(&threads[1], NULL, fails, threads) == 0);
    for (int thread = 0; thread < 2; thread++)
        CHECK(pthread_join(threads[thread], NULL) == 0);
    CHECK(errno == EDOM);

    /* Results of functions, which leave errno as it is. */
    pthread_mutex_t mutex;
    pthread_mutexattr_t kind;
    CHECK(pthread_mutexattr_init(&kind) == 0);
    CHECK(pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK) == 0);
    CHECK(pthread_mutex_init(&mutex, &kind) == 0);
    CHECK(pthread_mutex_unlock(&mutex) == EPERM);
    CHECK(pthread_mutex_lock(&mutex) == 0);
    CHECK(pthread_mutex_lock(&mutex) == EDEADLK);
    CHECK(pthread_mutex_trylock(&mutex) == EBUSY);
    CHECK(pthread_mutex_unlock(&mutex) == 0);
    CHECK(pthread_mutexattr_settype(&kind, 77) == EINVAL);
    CHECK(pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE) == 0);
    pthread_mutex_t recursive;
    CHECK(pthread_mutex_init(&recursive, &kind) == 0);
    CHECK(pthread_mutex_lock(&recursive) == 0 && pthread_mutex_lock(&recursive) == 0);
    CHECK(pthread_mutex_unlock(&recursive) == 0 && pthread_mutex_unlock(&recursive) == 0);
    CHECK(pthread_barrier_init(&met, NULL, 0) == EINVAL);

    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, returns, &mutex) == 0);
    void *result;
    CHECK(pthread_join(thread, &result) == 0 && result == &mutex);
    CHECK(errno == EDOM);
    puts("errors: all checks passed");
}
