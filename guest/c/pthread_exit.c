// pthread_exit for wasi-libc, which has none.
//
// A thread can end only when its function returns. So pthread_exit throws an exception of WebAssembly, and the pthread_create below
// catches it around the thread's function. On its way, the exception runs the destructors of C++ objects on the stack.
//
// Compile this file with -fwasm-exceptions, and link it with the program. Nothing else needs the option. The definitions here take the
// place of those in libc.a.
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

// What pthread_create of wasi-libc is an alias of.
int __pthread_create(pthread_t *restrict, const pthread_attr_t *restrict, void *(*)(void *), void *restrict);

// The exception carries the thread's result.
__asm__(".globl weft_thread_exit\n"
        ".tagtype weft_thread_exit i32\n"
        "weft_thread_exit:\n");

// Calls `function(argument)`. Returns what it returns, or what pthread_exit throws.
void *weft_catch_exit(void *(*function)(void *), void *argument);
_Noreturn void weft_throw_exit(void *result);

__asm__(".globaltype __stack_pointer, i32\n"
        ".section .text.weft_catch_exit,\"\",@\n"
        ".globl weft_catch_exit\n"
        ".type weft_catch_exit,@function\n"
        "weft_catch_exit:\n"
        ".functype weft_catch_exit (i32, i32) -> (i32)\n"
        ".local i32\n"
        "global.get __stack_pointer\n"
        "local.set 2\n"
        "block i32\n"
        "try_table i32 (catch weft_thread_exit 1)\n"
        "local.get 1\n"
        "local.get 0\n"
        "call_indirect __indirect_function_table, (i32) -> (i32)\n"
        "end_try_table\n"
        "return\n"
        "end_block\n"
        // The functions that the exception has left have not restored it.
        "local.get 2\n"
        "global.set __stack_pointer\n"
        "end_function\n"
        ".section .text.weft_throw_exit,\"\",@\n"
        ".globl weft_throw_exit\n"
        ".type weft_throw_exit,@function\n"
        "weft_throw_exit:\n"
        ".functype weft_throw_exit (i32) -> ()\n"
        "local.get 0\n"
        "throw weft_thread_exit\n"
        "end_function\n");

// The handlers of pthread_cleanup_push, innermost first. They are on the stack, so they must run before the exception leaves it.
static _Thread_local struct __ptcb *handlers;

void _pthread_cleanup_push(struct __ptcb *handler, void (*function)(void *), void *argument) {
    *handler = (struct __ptcb){function, argument, handlers};
    handlers = handler;
}

void _pthread_cleanup_pop(struct __ptcb *handler, int run) {
    handlers = handler->__next;
    if (run) handler->__f(handler->__x);
}

// Whether pthread_create below started the thread.
static _Thread_local bool started;

// How many of these threads have not ended. The main thread can wait for them.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static unsigned alive;

static void count_out(void) {
    pthread_mutex_lock(&lock);
    if (--alive == 0) pthread_cond_broadcast(&ended);
    pthread_mutex_unlock(&lock);
}

// A thread counts until its thread-specific values are destroyed. This destructor of such a value sets it again until the last round.
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t rounds;
static bool has_rounds;

static void end_round(void *value) {
    uintptr_t round = (uintptr_t)value;
    if (round == PTHREAD_DESTRUCTOR_ITERATIONS || pthread_setspecific(rounds, (void *)(round + 1)) != 0) count_out();
}

static void make_rounds(void) { has_rounds = pthread_key_create(&rounds, end_round) == 0; }

struct start {
    void *(*function)(void *);
    void *argument;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    started = true;
    bool counts_rounds = has_rounds && pthread_setspecific(rounds, (void *)1) == 0;
    void *result = weft_catch_exit(start.function, start.argument);
    if (!counts_rounds) count_out();
    return result;
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes, void *(*function)(void *),
                   void *restrict argument) {
    pthread_once(&once, make_rounds);
    struct start *start = malloc(sizeof *start);
    if (start == NULL) return EAGAIN;
    *start = (struct start){function, argument};
    pthread_mutex_lock(&lock);
    alive++;
    pthread_mutex_unlock(&lock);
    int error = __pthread_create(thread, attributes, run, start);
    if (error != 0) {
        free(start);
        count_out();
    }
    return error;
}

// In the main thread, the process ends with status 0 when all other threads have ended.
_Noreturn void pthread_exit(void *result) {
    while (handlers != NULL) _pthread_cleanup_pop(handlers, 1);
    if (started) weft_throw_exit(result);
    pthread_mutex_lock(&lock);
    while (alive > 0) pthread_cond_wait(&ended, &lock);
    pthread_mutex_unlock(&lock);
    exit(0);
}
