// The threads of wasi-libc, by the wasi-threads ABI: the part of them that neither wasi-libc's sources in Zig's package nor
// musl's have. A thread's stack, thread-local variables and keys are one piece of the heap; it starts at
// `wasi_thread_start`, which sets the stack pointer and the base of its thread-local variables; waiting is the instruction.
//
// As in wasi-libc there are no signals, no cancellation and no robust mutexes, and whoever changes the list of threads holds
// its lock until the change is over: a thread that ends gives it up last, so who joins it waits for that.
#include "pthread_impl.h"
#include "stdio_impl.h"
#include <stdlib.h>
#include <wasi/api.h>

// Made by the linker: copies the initial values of thread-local variables, and makes them the current thread's.
void __wasm_init_tls(void *);

_Thread_local struct __pthread __wasilibc_pthread_self;

volatile int __thread_list_lock;
static int list_lock_depth;
static volatile int list_lock_waiters;

// The memory of a detached thread, which cannot free its own stack: the next one that ends does.
static void *dead;

// What pthread_key_create.c and the files of stdio have, if they are linked.
static void do_nothing(void) {}
weak_alias(do_nothing, __pthread_tsd_run_dtors);
static volatile size_t no_size = 0;
weak_alias(no_size, __pthread_tsd_size);
static void *no_values[1];
weak_alias(no_values, __pthread_tsd_main);
static FILE *volatile no_file = 0;
weak_alias(no_file, __stdin_used);
weak_alias(no_file, __stdout_used);
weak_alias(no_file, __stderr_used);

// Waits as long as the word has the value, for `limit` nanoseconds if that is not negative.
int __wasilibc_futex_wait(volatile void *word, int operation, int value, int64_t limit) {
    (void)operation;
    enum { TIMED_OUT = 2 };
    return __builtin_wasm_memory_atomic_wait32((int *)word, value, limit) == TIMED_OUT ? -ETIMEDOUT : 0;
}

void __wait(volatile int *word, volatile int *waiters, int value, int private) {
    (void)private;
    for (int spins = 100; spins && (!waiters || !*waiters); spins--)
        if (*word != value) return;
    if (waiters) a_inc(waiters);
    while (*word == value) __wasilibc_futex_wait(word, 0, value, -1);
    if (waiters) a_dec(waiters);
}

int __timedwait_cp(volatile int *word, int value, clockid_t clock, const struct timespec *until, int private) {
    (void)private;
    int64_t limit = -1;
    if (until) {
        struct timespec now;
        if (until->tv_nsec < 0 || until->tv_nsec >= 1000000000) return EINVAL;
        // For musl a clock is a number, and the usual one is 0.
        if (clock_gettime(clock ? clock : CLOCK_REALTIME, &now)) return EINVAL;
        limit = (until->tv_sec - now.tv_sec) * 1000000000 + until->tv_nsec - now.tv_nsec;
        if (limit < 0) return ETIMEDOUT;
    }
    return -__wasilibc_futex_wait(word, 0, value, limit);
}

int __timedwait(volatile int *word, int value, clockid_t clock, const struct timespec *until, int private) {
    return __timedwait_cp(word, value, clock, until, private);
}

static void give_up_list(void) {
    a_store(&__thread_list_lock, 0);
    if (list_lock_waiters) __wake(&__thread_list_lock, 1, 0);
}

void __tl_lock(void) {
    int own = __pthread_self()->tid, holder = __thread_list_lock;
    if (holder == own) {
        list_lock_depth++;
        return;
    }
    while ((holder = a_cas(&__thread_list_lock, 0, own))) __wait(&__thread_list_lock, &list_lock_waiters, holder, 0);
}

void __tl_unlock(void) {
    if (list_lock_depth)
        list_lock_depth--;
    else
        give_up_list();
}

void __tl_sync(pthread_t thread) {
    (void)thread;
    int holder = __thread_list_lock;
    if (!holder) return;
    __wait(&__thread_list_lock, &list_lock_waiters, holder, 0);
    if (list_lock_waiters) __wake(&__thread_list_lock, 1, 0);
}

// Called by `_start` on the first thread. No thread that the host starts has its number.
void __wasi_init_tp(void) {
    pthread_t self = __pthread_self();
    self->self = self->next = self->prev = self;
    self->tid = 0x3fffffff;
    self->detach_state = DT_JOINABLE;
    self->locale = &libc.global_locale;
    self->robust_list.head = &self->robust_list.head;
    self->tsd = __pthread_tsd_main;
}

// What a thread begins with. The first two fields are read by `wasi_thread_start`.
struct start {
    void *stack;
    void *tls_base;
    void *(*function)(void *);
    void *argument;
};

hidden void __wasi_thread_start_C(int tid, struct start *start) {
    pthread_t self = __pthread_self();
    self->tid = tid;
    self->result = start->function(start->argument);
    __pthread_tsd_run_dtors();

    int state = a_cas(&self->detach_state, DT_JOINABLE, DT_EXITING);
    __tl_lock();
    if (!--libc.threads_minus_1) libc.need_locks = -1;
    self->next->prev = self->prev;
    self->prev->next = self->next;
    self->next = self->prev = self;
    self->tid = 0;
    if (state == DT_DETACHED) {
        free(dead);
        dead = self->map_base;
    } else {
        a_store(&self->detach_state, DT_EXITED);
        __wake(&self->detach_state, 1, 1);
    }
    // From here on this thread's memory may be gone.
    list_lock_depth = 0;
    give_up_list();
}

__asm__(".text\n"
        ".export_name wasi_thread_start, wasi_thread_start\n"
        ".globaltype __stack_pointer, i32\n"
        ".globaltype __tls_base, i32\n"
        ".functype __wasi_thread_start_C (i32, i32) -> ()\n"
        ".hidden wasi_thread_start\n"
        ".globl wasi_thread_start\n"
        ".type wasi_thread_start, @function\n"
        "wasi_thread_start:\n"
        ".functype wasi_thread_start (i32, i32) -> ()\n"
        "local.get 1\n"
        "i32.load 0\n"
        "global.set __stack_pointer\n"
        "local.get 1\n"
        "i32.load 4\n"
        "global.set __tls_base\n"
        "local.get 0\n"
        "local.get 1\n"
        "call __wasi_thread_start_C\n"
        "end_function\n");

// A file has a lock that is not used before there are threads.
static void use_lock(FILE *file) {
    if (file && file->lock < 0) file->lock = 0;
}

static size_t aligned(size_t size) { return (size + 15) & ~(size_t)15; }

int pthread_create(pthread_t *restrict result, const pthread_attr_t *restrict attributes, void *(*function)(void *),
                   void *restrict argument) {
    pthread_t self = __pthread_self();
    if (!libc.threaded) {
        for (FILE *file = *__ofl_lock(); file; file = file->next) use_lock(file);
        __ofl_unlock();
        use_lock(__stdin_used);
        use_lock(__stdout_used);
        use_lock(__stderr_used);
        libc.threaded = 1;
    }

    // From below: the stack, which grows down; what the thread begins with; its thread-local variables; the values of keys.
    size_t stack_size = aligned(attributes ? attributes->_a_stacksize : __default_stacksize);
    size_t tls_align = __builtin_wasm_tls_align();
    size_t size = stack_size + aligned(sizeof(struct start)) + __builtin_wasm_tls_size() + tls_align + __pthread_tsd_size + 16;
    unsigned char *memory = calloc(1, size);
    if (!memory) return EAGAIN;
    struct start *start = (void *)(memory + stack_size);
    uintptr_t tls = (uintptr_t)start + aligned(sizeof *start);
    tls = (tls + tls_align - 1) & -tls_align;

    uintptr_t own_tls = (uintptr_t)__builtin_wasm_tls_base();
    __wasm_init_tls((void *)tls);
    __asm__ volatile("local.get %0\nglobal.set __tls_base\n" ::"r"(own_tls));
    pthread_t new = (pthread_t)(tls + ((uintptr_t)self - own_tls));
    new->self = new;
    new->map_base = memory;
    new->map_size = size;
    new->stack = start;
    new->stack_size = stack_size;
    new->tsd = (void *)aligned(tls + __builtin_wasm_tls_size());
    new->locale = &libc.global_locale;
    new->detach_state = attributes && attributes->_a_detach ? DT_DETACHED : DT_JOINABLE;
    new->robust_list.head = &new->robust_list.head;
    *start = (struct start){start, (void *)tls, function, argument};

    // The new thread may run before this is over, but not end.
    __tl_lock();
    if (!libc.threads_minus_1++) libc.need_locks = 1;
    new->next = self->next;
    new->prev = self;
    new->next->prev = new;
    new->prev->next = new;
    *result = new;
    int failed = __wasi_thread_spawn(start) < 0;
    if (failed) {
        new->next->prev = new->prev;
        new->prev->next = new->next;
        if (!--libc.threads_minus_1) libc.need_locks = 0;
    }
    __tl_unlock();
    if (failed) free(memory);
    return failed ? EAGAIN : 0;
}

int pthread_join(pthread_t thread, void **result) {
    for (int state; (state = thread->detach_state) != DT_EXITED;) {
        if (state >= DT_DETACHED) a_crash();
        __timedwait_cp(&thread->detach_state, state, 0, 0, 1);
    }
    __tl_sync(thread);
    if (result) *result = thread->result;
    free(thread->map_base);
    return 0;
}

int pthread_detach(pthread_t thread) {
    return a_cas(&thread->detach_state, DT_JOINABLE, DT_DETACHED) == DT_JOINABLE ? 0 : pthread_join(thread, 0);
}
