// What Clang calls for setjmp and longjmp, which it makes of WebAssembly's exception handling.
#include "jump.h"

// The exception of C: what is thrown is the address of a `struct jump`.
__asm__(".globl __c_longjmp\n"
        ".tagtype __c_longjmp i32\n"
        "__c_longjmp:\n");

void __wasm_setjmp(void *environment, uint32_t label, void *invocation) {
    jmp_buf *set = environment;
    (*set)->label = label;
    (*set)->invocation = invocation;
}

uint32_t __wasm_setjmp_test(void *environment, void *invocation) {
    jmp_buf *set = environment;
    return (*set)->invocation == invocation ? (*set)->label : 0;
}

_Noreturn void __wasm_longjmp(void *environment, int value) {
    jmp_buf *set = environment;
    (*set)->jump = (struct jump){environment, value == 0 ? 1 : value};
    __builtin_wasm_throw(1, &(*set)->jump);
}
