// Threads take turns: `mutex_condition_c THREADS ROUNDS`. All wait on one condition for their number to come up, so each
// turn wakes threads that are not meant and go back to sleep. Nothing inside the mutex is atomic.
#include "threads.h"

#define LIMIT 16

static struct thread threads[LIMIT];
static char stacks[LIMIT][4096];
static struct mutex mutex;
static struct condition turn_changed;
static uint32_t count, rounds, turn, turns_taken;

static void run(void *argument) {
    uint32_t number = (uint32_t)(uintptr_t)argument;
    for (uint32_t round = 0; round < rounds; round++) {
        lock(&mutex);
        while (turn != number) wait(&turn_changed, &mutex);
        check(turns_taken == round * count + number, "turns come in order");
        turns_taken++;
        turn = (turn + 1) % count;
        broadcast(&turn_changed);
        unlock(&mutex);
    }
}

void _start(void) {
    struct arguments given = arguments();
    count = number_argument(given, 0, 4);
    rounds = number_argument(given, 1, 1000);
    check(count >= 1 && count <= LIMIT, "1 to 16 threads");
    for (uint32_t i = 0; i < count; i++)
        check(spawn(&threads[i], stacks[i], sizeof stacks[i], run, (void *)(uintptr_t)i), "a thread starts");
    for (uint32_t i = 0; i < count; i++) join(&threads[i]);
    check(turns_taken == count * rounds, "every turn is taken");
    struct line line = {0};
    add_number(&line, turns_taken);
    add_text(&line, " turns in order");
    write_line(1, &line);
}
