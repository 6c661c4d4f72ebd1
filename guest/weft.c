// Threads that run C functions: see weft.h.
#include "weft.h"

// Called on the thread's own stack.
__attribute__((used)) void weft_thread_run(struct weft_thread *thread) { thread->function(thread->argument); }

void weft_thread_enter(void *thread);

// The joiner may free the stack as soon as `finished` is set, so that is set where no stack is used any more.
__asm__(".globaltype __stack_pointer, i32\n"
        ".globaltype __tls_base, i32\n"
        ".functype weft_thread_run (i32) -> ()\n"
        ".globl weft_thread_enter\n"
        ".hidden weft_thread_enter\n"
        ".type weft_thread_enter,@function\n"
        "weft_thread_enter:\n"
        "  .functype weft_thread_enter (i32) -> ()\n" WEFT_ENTER_STACK("0") "  local.get 0\n"
        "  call weft_thread_run\n" WEFT_FINISH("0", "8") "  end_function\n");

bool weft_thread_start(struct weft_thread *thread, void *block, size_t size, void (*function)(void *), void *argument) {
    weft_lay_out_stack(&thread->stack, block, size);
    thread->finished = 0;
    thread->function = function;
    thread->argument = argument;
    return weft_spawn_indirect(weft_thread_enter, thread) != 0;
}

void weft_thread_join(struct weft_thread *thread) {
    while (thread->finished == 0) __builtin_wasm_memory_atomic_wait32((int *)&thread->finished, 0, -1);
}
