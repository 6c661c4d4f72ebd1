/* A thread that has a name traps: the error shows the name. */

#include "../../../guest/c/weft_thread_name.h"
#include "check.h"

static void *traps(void *argument) {
    const char *name = argument;
    weft_set_thread_name(name, strlen(name));
    __builtin_trap();
}

static void *returns(void *argument) {
    weft_set_thread_name("first", 5);
    return argument;
}

int main(int count, char **arguments) {
    pthread_t thread;
    /* Its name goes with it, although the next thread has the same index. */
    CHECK(pthread_create(&thread, NULL, returns, NULL) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, traps, count > 1 ? arguments[1] : "worker") == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}
