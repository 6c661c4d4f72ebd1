// Waiting: for standard input, for time, for both. `waiting ready|open|ended`: what standard input is meanwhile. Of times it
// says only that they have passed.
#define _GNU_SOURCE
#include "say.h"
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

// Whether standard input ends before it is waited for. Only then is it certain when that is seen.
static int ended;

static long long now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void show(const char *what, int count, struct pollfd *fd) {
    printf("%s: %d", what, count);
    if (count < 0) printf(" %s", error_name(errno));
    if (fd->revents & POLLIN) printf(" POLLIN");
    if (fd->revents & POLLOUT) printf(" POLLOUT");
    if (ended && fd->revents & POLLHUP) printf(" POLLHUP");
    if (fd->revents & POLLNVAL) printf(" POLLNVAL");
    if (fd->revents & POLLERR) printf(" POLLERR");
    printf("\n");
}

static void sleeping(void) {
    struct timespec time = {0, 20000000};
    long long before = now(CLOCK_MONOTONIC);
    SAY(nanosleep(&time, NULL));
    SAY(now(CLOCK_MONOTONIC) - before >= 20000000);
    before = now(CLOCK_REALTIME);
    time = (struct timespec){(before + 20000000) / 1000000000, (before + 20000000) % 1000000000};
    SAY(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL));
    SAY(now(CLOCK_REALTIME) - before >= 20000000);
    // A time that has passed.
    time = (struct timespec){1, 0};
    SAY(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL));
    SAY(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
    time = (struct timespec){0, 1000000000};
    SAY(nanosleep(&time, NULL));
    time = (struct timespec){0, 0};
    SAY(nanosleep(&time, NULL));
    SAY(usleep(1000));
    SAY(sleep(0));
    // A time zone's width around the years in which this may run.
    SAY(now(CLOCK_REALTIME) / 1000000000 > 1700000000 && now(CLOCK_REALTIME) / 1000000000 < 4000000000);
    SAY(clock_getres(CLOCK_MONOTONIC, &time));
    SAY(time.tv_sec == 0 && time.tv_nsec > 0 && time.tv_nsec <= 10000000);
}

static void polling(const char *how) {
    struct pollfd in = {0, POLLIN, 0}, out = {1, POLLOUT, 0}, both[2] = {in, out};
    int open_ = strcmp(how, "open") == 0;
    if (!open_) {
        show("input, for ever", poll(&in, 1, -1), &in);
        in.revents = 0;
        show("input, a minute", poll(&in, 1, 60000), &in);
    }
    in.revents = 0;
    long long before = now(CLOCK_MONOTONIC);
    show("input, 30 ms", poll(&in, 1, 30), &in);
    if (open_) SAY(now(CLOCK_MONOTONIC) - before >= 30000000);
    in.revents = 0;
    show("input, not at all", poll(&in, 1, 0), &in);
    show("output, for ever", poll(&out, 1, -1), &out);
    poll(both, 2, -1);
    show("the first of both", 0, &both[0]);
    show("the second of both", 0, &both[1]);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(0, &set);
    struct timeval limit = {0, 1000};
    SAY(select(1, &set, NULL, NULL, &limit));
    SAY(FD_ISSET(0, &set) != 0);
    char text[8] = "";
    if (!open_) {
        SAY(read(0, text, sizeof text));
        printf("`%.8s`\n", text);
    }
    if (ended) SAY(read(0, text, sizeof text));
}

static void files(void) {
    int fd = open("file", O_CREAT | O_RDWR, 0666);
    struct pollfd file = {fd, POLLIN | POLLOUT, 0}, closed = {99, POLLIN, 0};
    show("a file", poll(&file, 1, -1), &file);
    show("a closed descriptor", poll(&closed, 1, 1000), &closed);
    SAY(close(fd));
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    ended = strcmp(arguments[1], "ended") == 0;
    sleeping();
    polling(arguments[1]);
    files();
    return 0;
}
