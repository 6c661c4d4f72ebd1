// Every part of guest/c/weft_threads.h, checked. A failed check traps.
#include "../programs/wasi.h"
#include "weft_threads.h"

#define CHECK(condition) ((condition) ? (void)0 : __builtin_trap())

enum { THREADS = 8, ROUNDS = 1000 };

static struct weft_mutex mutex;
static struct weft_condition condition;
static struct weft_barrier barrier = {.count = THREADS};
static struct weft_once once;
static int counter, turn, initialized, leaders, tokens;
static _Atomic int ended_values, detached_running;
static weft_slot slot, earlier_slot;
static _Thread_local int own = 41;

static void initialize(void) { initialized++; }
static void at_end(void *value) { ended_values += *(int *)value; }

static int work(void *argument) {
    int number = (int)(intptr_t)argument;
    int mark = number;
    CHECK(own == 41);
    own = number;
    CHECK(weft_slot_get(slot) == NULL);
    weft_slot_set(slot, &mark);
    weft_call_once(&once, initialize);
    CHECK(initialized == 1);
    for (int round = 0; round < ROUNDS; round++) {
        weft_lock(&mutex);
        counter++;
        weft_unlock(&mutex);
    }
    for (int round = 0; round < 10; round++) {
        if (weft_meet(&barrier)) leaders++;
    }
    // One after the other, in the order of their numbers.
    weft_lock(&mutex);
    while (turn != number) weft_wait(&condition, &mutex);
    turn++;
    weft_broadcast(&condition);
    weft_unlock(&mutex);
    CHECK(own == number);
    CHECK(weft_slot_get(slot) == &mark);
    return number * number;
}

// Sets a slot that comes before its own.
static void set_earlier(void *value) { weft_slot_set(earlier_slot, value); }

static int use_later_slot(void *argument) {
    static int one = 1;
    weft_slot_set(*(weft_slot *)argument, &one);
    return 0;
}

static int take_token(void *argument) {
    (void)argument;
    weft_lock(&mutex);
    while (tokens == 0) weft_wait(&condition, &mutex);
    tokens--;
    weft_unlock(&mutex);
    return 1;
}

static void count_detached(void *argument) {
    (void)argument;
    detached_running--;
    __builtin_wasm_memory_atomic_notify((int *)&detached_running, 1);
}

static int deep(int n) {
    volatile char room[256];
    room[0] = (char)n;
    return n == 0 ? room[0] : deep(n - 1) + room[0] * 0;
}

static int use_stack(void *argument) { return deep((int)(intptr_t)argument); }

void _start(void) {
    CHECK(weft_parallelism() >= 1);
    CHECK(weft_index() >= 1);
    slot = weft_slot_create(at_end);
    CHECK(slot >= 0);
    own = 7;
    struct weft_task tasks[THREADS];
    for (int i = 0; i < THREADS; i++) CHECK(weft_spawn(&tasks[i], work, (void *)(intptr_t)i));
    int squares = 0;
    for (int i = 0; i < THREADS; i++) squares += weft_join(&tasks[i]);
    CHECK(squares == 140);
    CHECK(counter == THREADS * ROUNDS);
    CHECK(leaders == 10);
    CHECK(ended_values == 28);
    CHECK(own == 7);

    // Each signal wakes one thread for one token.
    int taken = 0;
    for (int i = 0; i < THREADS; i++) CHECK(weft_spawn(&tasks[i], take_token, NULL));
    for (int i = 0; i < THREADS; i++) {
        weft_lock(&mutex);
        tokens++;
        weft_signal(&condition);
        weft_unlock(&mutex);
    }
    for (int i = 0; i < THREADS; i++) taken += weft_join(&tasks[i]);
    CHECK(taken == THREADS && tokens == 0);

    earlier_slot = slot;
    weft_slot later_slot = weft_slot_create(set_earlier);
    CHECK(weft_spawn(&tasks[0], use_later_slot, &later_slot));
    weft_join(&tasks[0]);
    CHECK(ended_values == 29);

    for (int i = 2; i < WEFT_SLOTS; i++) CHECK(weft_slot_create(NULL) >= 0);
    CHECK(weft_slot_create(NULL) == -1);

    // Nobody signals.
    weft_lock(&mutex);
    CHECK(!weft_wait_for(&condition, &mutex, 1000));
    CHECK(!weft_try_lock(&mutex));
    weft_unlock(&mutex);

    // Far more threads, one after the other, than stacks fit into the memory at once.
    for (int i = 0; i < 3000; i++) {
        struct weft_task task;
        CHECK(weft_spawn(&task, use_stack, (void *)(intptr_t)100));
        CHECK(weft_join(&task) == 0);
    }
    for (int i = 0; i < 100; i++) {
        detached_running++;
        CHECK(weft_spawn_detached(count_detached, NULL));
    }
    for (int left; (left = detached_running) != 0;) {
        __builtin_wasm_memory_atomic_wait32((int *)&detached_running, left, -1);
    }
    print("all checks passed");
}
