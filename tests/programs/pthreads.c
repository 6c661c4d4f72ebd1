// C's threads and its buffered files together: `pthreads THREADS`.
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_THREADS = 64, LINES = 300, ROUNDS = 100 };

static int threads;
static FILE *shared;
static pthread_barrier_t all;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int turn, begun, ended, written[MAX_THREADS];
static __thread int own;

static void begin(void) { begun++; }

static void end(void *value) {
    pthread_mutex_lock(&mutex);
    ended += *(int *)value;
    free(value);
    pthread_mutex_unlock(&mutex);
}

static void *run(void *argument) {
    int number = (int)(long)argument, wrong = 0;
    char name[32], text[128], expected[128];
    own = number;
    pthread_once(&once, begin);
    int *value = malloc(sizeof *value);
    *value = 1;
    pthread_setspecific(key, value);

    // One call, one line, whoever else writes to the same file or opens others.
    sprintf(name, "own %d", number);
    FILE *file = fopen(name, "w+");
    for (int line = 0; line < LINES; line++) {
        fprintf(shared, "thread %d line %d\n", number, line);
        fprintf(file, "%d of %d\n", line, number);
    }
    rewind(file);
    for (int line = 0; line < LINES; line++) {
        sprintf(expected, "%d of %d\n", line, number);
        wrong += !fgets(text, sizeof text, file) || strcmp(text, expected) != 0;
    }
    fclose(file);

    // Each in turn.
    for (int round = 0; round < ROUNDS; round++) {
        pthread_mutex_lock(&mutex);
        while (turn != round * threads + number) pthread_cond_wait(&changed, &mutex);
        turn++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&mutex);
        pthread_rwlock_wrlock(&lock);
        written[number]++;
        pthread_rwlock_unlock(&lock);
        pthread_rwlock_rdlock(&lock);
        wrong += written[number] != round + 1;
        pthread_rwlock_unlock(&lock);
    }
    // An error is its thread's own.
    errno = number;
    pthread_barrier_wait(&all);
    wrong += errno != number || own != number;
    return (void *)(long)wrong;
}

static void *detached(void *argument) {
    pthread_barrier_wait(argument);
    return NULL;
}

int main(int count, char **arguments) {
    pthread_t ids[MAX_THREADS];
    threads = count == 2 ? atoi(arguments[1]) : 4;
    if (threads < 1 || threads > MAX_THREADS) return 2;
    shared = fopen("shared", "w+");
    if (!shared || pthread_key_create(&key, end) || pthread_barrier_init(&all, NULL, threads)) return 1;
    for (long number = 0; number < threads; number++) {
        if (pthread_create(&ids[number], NULL, run, (void *)number)) return 1;
    }
    long wrong = 0;
    for (int number = 0; number < threads; number++) {
        void *result;
        if (pthread_join(ids[number], &result)) return 1;
        wrong += (long)result;
    }
    printf("%ld wrong, %s turns, begun %d time, %s ended\n", wrong, turn == threads * ROUNDS ? "all" : "not all", begun,
           ended == threads ? "all" : "not all");

    int next[MAX_THREADS] = {0}, torn = 0;
    char text[128];
    rewind(shared);
    while (fgets(text, sizeof text, shared)) {
        int number, line;
        char newline;
        if (sscanf(text, "thread %d line %d%c", &number, &line, &newline) == 3 && newline == '\n' && number >= 0 &&
            number < threads && next[number] == line)
            next[number]++;
        else
            torn++;
    }
    int missing = 0;
    for (int number = 0; number < threads; number++) missing += LINES - next[number];
    printf("%d lines torn, %d missing\n", torn, missing);

    pthread_barrier_t two;
    pthread_barrier_init(&two, NULL, 2);
    for (int i = 0; i < 20; i++) {
        if (pthread_create(&ids[0], NULL, detached, &two) || pthread_detach(ids[0])) return 1;
        pthread_barrier_wait(&two);
    }
    printf("detached\n");
    return 0;
}
