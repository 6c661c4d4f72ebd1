// Threads for C, with what they share: mutexes, conditions, barriers, once, and slots. No C library is needed.
//
// A thread gets a stack and thread-local variables (`_Thread_local`) from `weft adapt`, which takes both back when the thread ends.
// The threads are those of the Component Model's built-ins, under the names of the WIT package in ../../wit. Compile and link
// weft_threads.c with the flags that ../weft.h names. If the program has a WIT world, its component has that, too.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEFT_PACKAGE(name) __attribute__((import_module("weft:threads/threads@0.1.0"), import_name(name)))

// How many threads can be expected to run at once, 1 or more.
WEFT_PACKAGE("available-parallelism") uint32_t weft_parallelism(void);

// The index of the calling thread. No two threads have the same while both live.
WEFT_PACKAGE("index") uint32_t weft_index(void);

// A thread that can be joined. It must last until it is.
struct weft_task {
    _Atomic int finished;
    int (*function)(void *);
    void *argument;
    int result;
};

// Starts a thread that calls `function(argument)`. False if there can be no more threads.
bool weft_spawn(struct weft_task *task, int (*function)(void *), void *argument);

// Waits until a thread has ended, and gives what its function returned.
int weft_join(struct weft_task *task);

// Starts a thread that nobody joins: it is detached from the start. False if there can be no more threads.
bool weft_spawn_detached(void (*function)(void *), void *argument);

// A mutex, unlocked if it is all zeros. It is not recursive.
struct weft_mutex {
    _Atomic int state;
};

void weft_lock(struct weft_mutex *mutex);
bool weft_try_lock(struct weft_mutex *mutex);
void weft_unlock(struct weft_mutex *mutex);

// A condition, ready if it is all zeros. A wait can end without a signal.
struct weft_condition {
    _Atomic int sequence;
};

void weft_wait(struct weft_condition *condition, struct weft_mutex *mutex);
// False if so many nanoseconds have passed without a signal.
bool weft_wait_for(struct weft_condition *condition, struct weft_mutex *mutex, int64_t nanoseconds);
void weft_signal(struct weft_condition *condition);
void weft_broadcast(struct weft_condition *condition);

// A barrier for `count` threads: `{.count = 4}`. Exactly one of them gets `true`.
struct weft_barrier {
    int count;
    _Atomic int arrived;
    _Atomic int generation;
};

bool weft_meet(struct weft_barrier *barrier);

// Calls a function once, whichever thread comes first. The others wait until it has returned.
struct weft_once {
    _Atomic int state;
};

void weft_call_once(struct weft_once *once, void (*function)(void));

// Slots: values of which each thread has its own. When a thread of weft_spawn or weft_spawn_detached ends, the slot's function, if
// it has one, gets the thread's value, if that is not null. The function can set other slots: their functions are called too, in at
// most four rounds. There can be WEFT_SLOTS of them.
#define WEFT_SLOTS 32

typedef int weft_slot;

// Makes a slot. -1 if there can be no more.
weft_slot weft_slot_create(void (*at_end)(void *));
void *weft_slot_get(weft_slot slot);
void weft_slot_set(weft_slot slot, void *value);
