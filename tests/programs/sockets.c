// A server on a listening socket that it was handed: `sockets DESCRIPTOR`. It serves two connections, one after the other.
#define _GNU_SOURCE
#include "say.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char text[64];

// Prints what arrived.
static void say_received(const char *call, ssize_t length) {
    if (say(call, length) > 0) printf("`%.*s`\n", (int)length, text);
    memset(text, 0, sizeof text);
}
#define SAY_RECEIVED(call) say_received(#call, (call))

static int is_ready(int fd, int events, int milliseconds) {
    struct pollfd one = {fd, events, 0};
    return poll(&one, 1, milliseconds) == 1 && (one.revents & events) == events;
}

static void listener_alone(int listener) {
    struct stat status;
    int kind = 0;
    socklen_t length = sizeof kind;
    SAY(fstat(listener, &status));
    SAY(S_ISSOCK(status.st_mode));
    SAY(getsockopt(listener, SOL_SOCKET, SO_TYPE, &kind, &length));
    SAY(kind == SOCK_STREAM);
    SAY(fcntl(listener, F_SETFL, O_NONBLOCK));
    SAY(accept(listener, NULL, NULL));
    SAY(is_ready(listener, POLLIN, 0));
    SAY(fcntl(listener, F_SETFL, 0));
    SAY(lseek(listener, 0, SEEK_CUR));
    SAY(recv(listener, text, 1, 0));
    SAY(accept(99, NULL, NULL));
    SAY(recv(99, text, 1, 0));
    SAY(send(99, text, 1, 0));
    SAY(shutdown(99, SHUT_RD));
    int file = open("file", O_CREAT | O_RDWR, 0666);
    SAY(accept(file, NULL, NULL));
    SAY(recv(file, text, 1, 0));
    SAY(send(file, text, 1, 0));
    SAY(shutdown(file, SHUT_RDWR));
    close(file);
}

// The other side sends "hello", waits for the answer, sends "in two" and "parts", and then the end.
static void first(int listener) {
    // wasi-libc writes to the address even if there is none. It knows of no addresses, and clears it.
    struct sockaddr address;
    socklen_t length = sizeof address;
    int peer = accept(listener, &address, &length);
    SAY(peer > listener);
    SAY(is_ready(peer, POLLIN, 60000));
    SAY(is_ready(peer, POLLOUT, 60000));
    SAY_RECEIVED(recv(peer, text, 2, MSG_PEEK));
    SAY_RECEIVED(recv(peer, text, 3, 0));
    SAY_RECEIVED(read(peer, text, 2));
    SAY(send(peer, "ans", 3, 0));
    SAY(write(peer, "wer", 3));
    SAY_RECEIVED(recv(peer, text, 11, MSG_WAITALL));
    SAY_RECEIVED(recv(peer, text, sizeof text, 0));
    SAY_RECEIVED(recv(peer, text, sizeof text, MSG_WAITALL));
    SAY(shutdown(peer, 77));
    SAY(send(peer, "last", 4, 0));
    SAY(shutdown(peer, SHUT_WR));
    SAY(send(peer, "more", 4, 0));
    SAY(close(peer));
    SAY(send(peer, "more", 4, 0));
}

// The other side sends nothing before it has got something.
static void second(int listener) {
    SAY(is_ready(listener, POLLIN, 60000));
    struct sockaddr address;
    socklen_t length = sizeof address;
    int peer = accept4(listener, &address, &length, SOCK_NONBLOCK);
    SAY(peer > listener);
    SAY((fcntl(peer, F_GETFL) & O_NONBLOCK) != 0);
    SAY(recv(peer, text, 1, 0));
    SAY(read(peer, text, 1));
    SAY(is_ready(peer, POLLIN, 10));
    SAY(send(peer, "go on", 5, 0));
    SAY(is_ready(peer, POLLIN, 60000));
    SAY_RECEIVED(recv(peer, text, sizeof text, 0));
    SAY(shutdown(peer, SHUT_RD));
    SAY(recv(peer, text, 1, 0));
    SAY(shutdown(peer, SHUT_RDWR));
    SAY(close(peer));
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
#ifndef __wasi__
    signal(SIGPIPE, SIG_IGN);
#endif
    int listener = atoi(arguments[1]);
    listener_alone(listener);
    puts("listening");
    fflush(stdout);
    first(listener);
    fflush(stdout);
    second(listener);
    SAY(close(listener));
    return 0;
}
