/* With a limit of threads: pthread_create fails with EAGAIN at the limit, and works again when a thread has ended. */

#include "check.h"
#include <limits.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool ends;

static void *waits(void *argument) {
    pthread_mutex_lock(&mutex);
    while (!ends)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    return argument;
}

int main(void) {
    pthread_t threads[100];
    int count = 0, error = 0;
    for (; count < 100; count++)
        if ((error = pthread_create(&threads[count], NULL, waits, NULL)) != 0)
            break;
    printf("%d threads, then %s\n", count, error == EAGAIN ? "EAGAIN" : "another error");
    pthread_mutex_lock(&mutex);
    ends = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    for (int thread = 0; thread < count; thread++)
        CHECK(pthread_join(threads[thread], NULL) == 0);
    CHECK(pthread_create(&threads[0], NULL, waits, NULL) == 0);
    CHECK(pthread_join(threads[0], NULL) == 0);

    /* There are as many keys as the header says, and not one more. */
    pthread_key_t keys[PTHREAD_KEYS_MAX];
    int made = 0;
    while (made < PTHREAD_KEYS_MAX && pthread_key_create(&keys[made], NULL) == 0)
        made++;
    pthread_key_t more;
    CHECK(pthread_key_create(&more, NULL) == EAGAIN);
    for (int key = 0; key < made; key++)
        CHECK(pthread_key_delete(keys[key]) == 0);
    printf("%ld processors as far as the library knows\n", sysconf(_SC_NPROCESSORS_ONLN));
}
