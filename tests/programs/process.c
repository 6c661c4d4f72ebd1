// Beginnings and ends of a process: `process HOW`. What was printed before is there in every case in which it should be.
#define _GNU_SOURCE
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void at_end(void) { puts("at the end"); }

static void handler(int signal) { printf("signal %s\n", signal == SIGUSR1 ? "SIGUSR1" : "other"); }

int main(int count, char **arguments) {
    if (count != 2) return 2;
    const char *how = arguments[1];
    atexit(at_end);
    printf("begun, buffered\n");
    // 33 bytes that are all zero would come once in 2^264 times; the limit of one call is 256.
    unsigned char random[257] = {0}, zero[257] = {0};
    int filled = getentropy(random, 256), refused = getentropy(random, 257);
    printf("entropy %d %d %d\n", filled, memcmp(random, zero, 33) != 0, refused);
    printf("environment %s %s\n", getenv("KEY") ? getenv("KEY") : "none", getenv("OTHER") ? "some" : "none");
    if (strcmp(how, "return") == 0) return 33;
    if (strcmp(how, "exit") == 0) exit(125);
    if (strcmp(how, "quick") == 0) _Exit(3);
    if (strcmp(how, "flush") == 0) {
        fflush(stdout);
        _Exit(4);
    }
    fflush(stdout);
    if (strcmp(how, "abort") == 0) abort();
    if (strcmp(how, "assert") == 0) assert(count == 3);
    if (strcmp(how, "raise") == 0) {
        signal(SIGUSR1, handler);
        printf("raised %d\n", raise(SIGUSR1));
        signal(SIGUSR1, SIG_IGN);
        printf("raised %d\n", raise(SIGUSR1));
        fflush(stdout);
        signal(SIGTERM, SIG_DFL);
        raise(SIGTERM);
    }
    return 0;
}
