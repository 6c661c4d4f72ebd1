// What stat says of files, and what can be set: sizes, kinds, links, times.
#define _GNU_SOURCE
#include "say.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void show(const char *name) {
    struct stat status;
    if (say(name, lstat(name, &status)) == -1) return;
    const char *kind = S_ISREG(status.st_mode)   ? "file"
                       : S_ISDIR(status.st_mode) ? "directory"
                       : S_ISLNK(status.st_mode) ? "link"
                                                 : "something else";
    printf("%s is a %s", name, kind);
    // A directory's size and links are its file system's affair.
    if (!S_ISDIR(status.st_mode)) printf(", size %lld, links %lld", (long long)status.st_size, (long long)status.st_nlink);
    printf("\n");
}

static void show_times(const char *when, const char *name) {
    struct stat status;
    if (stat(name, &status)) {
        say(name, -1);
        return;
    }
    printf("%s: accessed %lld.%09ld, modified %lld.%09ld\n", when, (long long)status.st_atim.tv_sec,
           status.st_atim.tv_nsec, (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

static void times(int fd) {
    struct timespec both[2] = {{1000000000, 123456789}, {2000000000, 987654321}};
    SAY(futimens(fd, both));
    show_times("both set", "file");
    both[0] = (struct timespec){0, UTIME_OMIT};
    both[1] = (struct timespec){1, 1};
    SAY(utimensat(AT_FDCWD, "file", both, 0));
    show_times("one left out", "file");
    both[0] = (struct timespec){5000000000, 5};
    both[1] = (struct timespec){0, UTIME_OMIT};
    SAY(utimensat(AT_FDCWD, "link", both, 0));
    show_times("beyond 32 bits, through a link", "file");
    both[0] = (struct timespec){7, 7};
    both[1] = (struct timespec){8, 8};
    SAY(utimensat(AT_FDCWD, "link", both, AT_SYMLINK_NOFOLLOW));
    show_times("of the link alone", "file");
    struct stat status;
    SAY(lstat("link", &status));
    printf("link modified %lld.%09ld\n", (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);

    struct timespec before, after;
    both[0] = both[1] = (struct timespec){0, UTIME_NOW};
    clock_gettime(CLOCK_REALTIME, &before);
    SAY(futimens(fd, both));
    clock_gettime(CLOCK_REALTIME, &after);
    SAY(fstat(fd, &status));
    // A file system's clock may lag behind by a tick.
    printf("now: %s\n", status.st_mtim.tv_sec >= before.tv_sec - 1 && status.st_mtim.tv_sec <= after.tv_sec ? "yes" : "no");
    both[0] = (struct timespec){0, 1000000000};
    SAY(futimens(fd, both));
    SAY(utimensat(AT_FDCWD, "missing", NULL, 0));
}

int main(void) {
    struct stat first, second;
    int fd = open("file", O_CREAT | O_EXCL | O_RDWR, 0666);
    SAY(write(fd, "twelve bytes", 12));
    SAY(fstat(fd, &first));
    SAY(first.st_size);
    SAY(S_ISREG(first.st_mode));
    SAY(mkdir("directory", 0777));
    SAY(symlink("file", "link"));
    SAY(link("file", "other"));
    show("file");
    show("other");
    show("directory");
    show("link");
    show("missing");
    SAY(stat("link", &first));
    SAY(stat("other", &second));
    SAY(first.st_ino == second.st_ino && first.st_dev == second.st_dev);
    SAY(lstat("link", &second));
    SAY(first.st_ino == second.st_ino);
    SAY(unlink("other"));
    show("file");
    times(fd);
    SAY(fstat(99, &first));
    SAY(fstat(1, &first));
    return 0;
}
