// Threads, and what they share: see weft_threads.h.
#include "weft_threads.h"

// `weft adapt` gives the thread a stack, so `function` can be written in C.
WEFT_PACKAGE("spawn-indirect") uint32_t weft_spawn_with_stack(void (*function)(void *), void *argument);

// The linker's function that initialises thread-local variables. It leaves the function out if nothing refers to it, and `weft adapt`
// calls it for each thread.
void __wasm_init_tls(void *block);
__attribute__((used)) static void (*const keep_init_tls)(void *) = __wasm_init_tls;

// A wait ends when the word changes or is notified; a waiter looks again. -1 nanoseconds are for ever.
static int wait_while(_Atomic int *word, int value, int64_t nanoseconds) {
    return __builtin_wasm_memory_atomic_wait32((int *)word, value, nanoseconds);
}

static void wake(_Atomic int *word, uint32_t count) { __builtin_wasm_memory_atomic_notify((int *)word, count); }

static void (*_Atomic slot_ends[WEFT_SLOTS])(void *);
static _Atomic int slot_count;
static _Thread_local void *slots[WEFT_SLOTS];

weft_slot weft_slot_create(void (*at_end)(void *)) {
    int slot = slot_count;
    do {
        if (slot >= WEFT_SLOTS) return -1;
    } while (!__c11_atomic_compare_exchange_weak(&slot_count, &slot, slot + 1, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    slot_ends[slot] = at_end;
    return slot;
}

void *weft_slot_get(weft_slot slot) { return slots[slot]; }
void weft_slot_set(weft_slot slot, void *value) { slots[slot] = value; }

// A function that gets a value can set others, which are handed over too, but not for ever.
static void end_slots(void) {
    for (int round = 0; round < 4; round++) {
        bool found = false;
        int count = slot_count;
        for (int slot = 0; slot < count; slot++) {
            void (*at_end)(void *) = slot_ends[slot];
            void *value = slots[slot];
            slots[slot] = NULL;
            if (at_end == NULL || value == NULL) continue;
            found = true;
            at_end(value);
        }
        if (!found) return;
    }
}

static void run_task(void *argument) {
    struct weft_task *task = argument;
    task->result = task->function(task->argument);
    end_slots();
    // The joiner may free the task as soon as it sees this, so its address alone is used after it.
    task->finished = 1;
    wake(&task->finished, UINT32_MAX);
}

bool weft_spawn(struct weft_task *task, int (*function)(void *), void *argument) {
    task->finished = 0;
    task->function = function;
    task->argument = argument;
    return weft_spawn_with_stack(run_task, task) != 0;
}

int weft_join(struct weft_task *task) {
    while (task->finished == 0) wait_while(&task->finished, 0, -1);
    return task->result;
}

// What a detached thread runs. The thread that starts it waits until the new one has copied this.
struct detached {
    void (*function)(void *);
    void *argument;
    _Atomic int copied;
};

static void run_detached(void *argument) {
    struct detached *shared = argument;
    void (*function)(void *) = shared->function;
    void *own = shared->argument;
    shared->copied = 1;
    wake(&shared->copied, 1);
    function(own);
    end_slots();
}

bool weft_spawn_detached(void (*function)(void *), void *argument) {
    struct detached shared = {function, argument, 0};
    if (weft_spawn_with_stack(run_detached, &shared) == 0) return false;
    while (shared.copied == 0) wait_while(&shared.copied, 0, -1);
    return true;
}

// A mutex is 0 if it is free, 1 if it is locked, and 2 if threads may wait for it.
bool weft_try_lock(struct weft_mutex *mutex) {
    int expected = 0;
    return __c11_atomic_compare_exchange_strong(&mutex->state, &expected, 1, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

void weft_lock(struct weft_mutex *mutex) {
    if (weft_try_lock(mutex)) return;
    while (__c11_atomic_exchange(&mutex->state, 2, __ATOMIC_SEQ_CST) != 0) wait_while(&mutex->state, 2, -1);
}

void weft_unlock(struct weft_mutex *mutex) {
    if (__c11_atomic_exchange(&mutex->state, 0, __ATOMIC_SEQ_CST) == 2) wake(&mutex->state, 1);
}

bool weft_wait_for(struct weft_condition *condition, struct weft_mutex *mutex, int64_t nanoseconds) {
    int sequence = condition->sequence;
    weft_unlock(mutex);
    bool in_time = wait_while(&condition->sequence, sequence, nanoseconds) != 2;
    weft_lock(mutex);
    return in_time;
}

void weft_wait(struct weft_condition *condition, struct weft_mutex *mutex) { weft_wait_for(condition, mutex, -1); }

void weft_signal(struct weft_condition *condition) {
    condition->sequence++;
    wake(&condition->sequence, 1);
}

void weft_broadcast(struct weft_condition *condition) {
    condition->sequence++;
    wake(&condition->sequence, UINT32_MAX);
}

bool weft_meet(struct weft_barrier *barrier) {
    int generation = barrier->generation;
    if (__c11_atomic_fetch_add(&barrier->arrived, 1, __ATOMIC_SEQ_CST) + 1 == barrier->count) {
        barrier->arrived = 0;
        barrier->generation++;
        wake(&barrier->generation, UINT32_MAX);
        return true;
    }
    while (barrier->generation == generation) wait_while(&barrier->generation, generation, -1);
    return false;
}

// 0: not called yet, 1: being called, 2: called.
void weft_call_once(struct weft_once *once, void (*function)(void)) {
    int expected = 0;
    if (__c11_atomic_compare_exchange_strong(&once->state, &expected, 1, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        function();
        once->state = 2;
        wake(&once->state, UINT32_MAX);
    }
    while (once->state != 2) wait_while(&once->state, 1, -1);
}
