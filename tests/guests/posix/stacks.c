/* Stacks have the size that the program asks for: a thread with a large one recurses deeply, and two stacks do not overlap. */

#include "check.h"
#include <stdint.h>

#define FRAME 1024

/* Fills a frame on each level, and checks that nobody else wrote there. */
static __attribute__((noinline)) int recurse(int levels, char mark) {
    volatile char frame[FRAME];
    for (int at = 0; at < FRAME; at++)
        frame[at] = mark;
    int below = levels > 0 ? recurse(levels - 1, mark) : 0;
    for (int at = 0; at < FRAME; at++)
        CHECK(frame[at] == mark);
    return below + 1;
}

static void *fills(void *argument) {
    int kilobytes = (intptr_t)argument;
    /* A tenth is for the frames' own needs. */
    int levels = kilobytes * 9 / 10;
    CHECK(recurse(levels, (char)kilobytes) == levels + 1);
    return NULL;
}

int main(void) {
    pthread_attr_t attributes;
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, 100) == EINVAL);
    for (int round = 0; round < 3; round++) {
        int sizes[] = {64, 128, 512, 1024, 4096};
        pthread_t threads[5];
        for (int thread = 0; thread < 5; thread++) {
            CHECK(pthread_attr_setstacksize(&attributes, (size_t)sizes[thread] * 1024) == 0);
            void *kilobytes = (void *)(intptr_t)sizes[thread];
            CHECK(pthread_create(&threads[thread], &attributes, fills, kilobytes) == 0);
        }
        for (int thread = 0; thread < 5; thread++)
            CHECK(pthread_join(threads[thread], NULL) == 0);
    }
    puts("stacks: all checks passed");
}
