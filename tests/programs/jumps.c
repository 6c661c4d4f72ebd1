// setjmp and longjmp in many threads: `jumps THREADS ROUNDS`.
#include "jump.h"
#include "threads.h"

enum { MAX_THREADS = 64 };

static struct thread threads[MAX_THREADS];
static _Alignas(16) char stacks[MAX_THREADS][16384];
static uint32_t rounds;

static __attribute__((noinline)) void jump_from_below(jmp_buf to, int depth, int value) {
    if (depth > 0)
        jump_from_below(to, depth - 1, value);
    else
        longjmp(to, value);
    check(false, "a jump does not return");
}

// Jumps back several times to each of two places, one inside the other's reach.
static __attribute__((noinline)) int jump_back(int times) {
    jmp_buf outer, inner;
    volatile int seen = 0;
    int value = setjmp(outer);
    seen += 100;
    if (value == times) return seen;
    int other = setjmp(inner);
    seen += 1;
    if (other < 3) jump_from_below(inner, 4, other + 1);
    jump_from_below(outer, 2, value + 1);
    return -1;
}

static void run_rounds(void *argument) {
    (void)argument;
    for (uint32_t round = 0; round < rounds; round++) {
        check(jump_back(3) == 4 * 100 + 3 * 4, "a jump comes back to where it was set, with its value");
        jmp_buf zero;
        volatile int calls = 0;
        int value = setjmp(zero);
        if (calls++ == 0) longjmp(zero, 0);
        check(value == 1, "a jump with 0 gives 1");
    }
}

void _start(void) {
    struct arguments chosen = arguments();
    uint32_t count = number_argument(chosen, 0, 8);
    rounds = number_argument(chosen, 1, 100);
    check(count <= MAX_THREADS, "there are not too many threads");
    for (uint32_t i = 0; i < count; i++)
        check(spawn(&threads[i], stacks[i], sizeof stacks[i], run_rounds, NULL), "a thread is spawned");
    run_rounds(NULL);
    for (uint32_t i = 0; i < count; i++) join(&threads[i]);
    print("all came back");
}
