/* Traps in a thread, in a function that is inlined into another. Its test expects these lines in the backtrace. */

#include <pthread.h>
#include <stdio.h>

static volatile int four = 4;
static int word;

static inline __attribute__((always_inline)) int divided(int number, int by) {
    return number / by; /* line 10 */
}

static __attribute__((noinline)) int middle(int by) {
    int quotient = divided(100, by); /* line 14 */
    return quotient + four;
}

/* weft writes code that notifies in another way than the rest. */
static __attribute__((noinline)) int loops(void) {
    int sum = 0;
    for (int number = four; number >= 0; number--) {
        __builtin_wasm_memory_atomic_notify(&word, 1);
        sum += middle(number); /* line 23 */
    }
    return sum;
}

static void *start(void *argument) {
    printf("%d\n", loops()); /* line 29 */
    return argument;
}

int main(void) {
    pthread_t thread;
    return pthread_create(&thread, NULL, start, NULL) || pthread_join(thread, NULL);
}
