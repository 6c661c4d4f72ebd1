// setjmp and longjmp for freestanding programs: see jump.c.
#pragma once

#include <stdint.h>

struct jump {
    void *environment;
    int value;
};

// A call of setjmp: which of those in its function it is, and for which call of the function.
typedef struct {
    uint32_t label;
    void *invocation;
    struct jump jump;
} jmp_buf[1];

int setjmp(jmp_buf environment) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf environment, int value);
