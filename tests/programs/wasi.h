// The functions of WASI preview 1 that the C programs use, and lines of text. There is no C library here: the programs are
// freestanding, so that every import and every thread in the module is one that its source names.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(name)))

struct iovec {
    const void *data;
    size_t length;
};

// A relative timeout of the monotonic clock, laid out as `subscription` of preview 1.
struct subscription {
    uint64_t userdata;
    uint8_t tag; // 0: clock
    _Alignas(8) uint32_t clock;
    uint64_t timeout; // nanoseconds
    uint64_t precision;
    uint16_t flags;
};

struct event {
    uint64_t userdata;
    uint16_t error;
    uint8_t type;
    uint64_t bytes;
    uint16_t flags;
};

_Static_assert(sizeof(struct subscription) == 48 && offsetof(struct subscription, timeout) == 24, "preview 1's layout");
_Static_assert(sizeof(struct event) == 32, "preview 1's layout");

WASI("args_sizes_get") int args_sizes_get(size_t *count, size_t *bytes);
WASI("args_get") int args_get(char **arguments, char *bytes);
WASI("fd_read") int fd_read(int fd, const struct iovec *iovecs, size_t count, size_t *read);
WASI("fd_write") int fd_write(int fd, const struct iovec *iovecs, size_t count, size_t *written);
WASI("poll_oneoff") int poll_oneoff(const struct subscription *in, struct event *out, size_t count, size_t *happened);
WASI("proc_exit") _Noreturn void proc_exit(int status);
WASI("sched_yield") int sched_yield(void);

// One line of output. It is written with one call, so lines of several threads never mix.
struct line {
    size_t length;
    char text[120];
};

static void add_text(struct line *line, const char *text) {
    while (*text != 0 && line->length < sizeof line->text) line->text[line->length++] = *text++;
}

static void add_number(struct line *line, uint64_t number) {
    char digits[24];
    size_t at = sizeof digits;
    digits[--at] = 0;
    do digits[--at] = '0' + number % 10;
    while ((number /= 10) != 0);
    add_text(line, digits + at);
}

static void write_line(int fd, struct line *line) {
    add_text(line, "\n");
    struct iovec iovec = {line->text, line->length};
    size_t written;
    if (fd_write(fd, &iovec, 1, &written) != 0 || written != line->length) proc_exit(74);
}

static void print(const char *text) {
    struct line line = {0};
    add_text(&line, text);
    write_line(1, &line);
}

// Ends the program with a message when something that must hold does not.
static void check(bool holds, const char *what) {
    if (holds) return;
    struct line line = {0};
    add_text(&line, "does not hold: ");
    add_text(&line, what);
    write_line(2, &line);
    proc_exit(1);
}

// The arguments after the program's name. Called by the main thread, once.
struct arguments {
    size_t count;
    char **values;
};

static struct arguments arguments(void) {
    static char *values[16];
    static char bytes[1024];
    size_t count, size;
    check(args_sizes_get(&count, &size) == 0 && count <= 16 && size <= sizeof bytes, "the arguments fit");
    check(args_get(values, bytes) == 0, "the arguments can be read");
    return (struct arguments){count == 0 ? 0 : count - 1, values + 1};
}

static bool equal(const char *a, const char *b) {
    while (*a != 0 && *a == *b) a++, b++;
    return *a == *b;
}

static uint32_t number_argument(struct arguments arguments, size_t index, uint32_t otherwise) {
    if (index >= arguments.count) return otherwise;
    uint32_t number = 0;
    for (const char *digit = arguments.values[index]; *digit != 0; digit++) {
        check(*digit >= '0' && *digit <= '9', "the argument is a number");
        number = number * 10 + (uint32_t)(*digit - '0');
    }
    return number;
}

static void sleep_nanoseconds(uint64_t nanoseconds) {
    struct subscription in = {.tag = 0, .clock = 1, .timeout = nanoseconds};
    struct event out;
    size_t happened;
    check(poll_oneoff(&in, &out, 1, &happened) == 0 && happened == 1, "the sleep ends");
}
