// Descriptors of files: positions, flags, scattered reads and writes, sizes.
#define _GNU_SOURCE
#include "say.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void show(const char *name) {
    char text[64] = "";
    int fd = open(name, O_RDONLY);
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    for (ssize_t i = 0; i < length; i++)
        if (text[i] == 0) text[i] = '.';
    printf("%s holds `%s`\n", name, text);
}

static void positions(void) {
    char text[32] = "";
    int fd = open("positions", O_CREAT | O_RDWR, 0666);
    SAY(write(fd, "0123456789", 10));
    SAY(lseek(fd, 0, SEEK_CUR));
    SAY(lseek(fd, 2, SEEK_SET));
    SAY(read(fd, text, 3));
    SAY(lseek(fd, -1, SEEK_CUR));
    SAY(read(fd, text + 3, 20));
    puts(text);
    SAY(read(fd, text, 20));
    SAY(pread(fd, text, 4, 6));
    SAY(pread(fd, text, 4, 8));
    SAY(pread(fd, text, 4, 10));
    SAY(pread(fd, text, 4, 5000000000));
    SAY(pwrite(fd, "ab", 2, 4));
    SAY(lseek(fd, 0, SEEK_CUR));
    SAY(lseek(fd, 12, SEEK_SET));
    SAY(write(fd, "x", 1));
    show("positions");

    struct iovec parts[] = {{"one ", 4}, {"", 0}, {"two ", 4}, {"three", 5}};
    SAY(lseek(fd, 0, SEEK_SET));
    SAY(writev(fd, parts, 4));
    show("positions");
    char first[3], second[5], third[16];
    struct iovec into[] = {{first, sizeof first}, {second, sizeof second}, {NULL, 0}, {third, sizeof third}};
    SAY(lseek(fd, 0, SEEK_SET));
    SAY(readv(fd, into, 4));
    printf("%.3s|%.5s|%.5s\n", first, second, third);
    SAY(preadv(fd, into, 2, 4));
    SAY(pwritev(fd, parts, 3, 5));
    SAY(writev(fd, parts, 0));
    show("positions");
    SAY(write(fd, NULL, 0));
    SAY(read(fd, NULL, 0));
    close(fd);
}

static void sizes(void) {
    struct stat status;
    int fd = open("sizes", O_CREAT | O_RDWR, 0666);
    SAY(write(fd, "0123456789", 10));
    SAY(ftruncate(fd, 4));
    SAY(lseek(fd, 0, SEEK_CUR));
    show("sizes");
    SAY(ftruncate(fd, 6));
    show("sizes");
    SAY(write(fd, "x", 1));
    show("sizes");
    // It grows a file, and never shrinks one or changes what is in it.
    SAY(posix_fallocate(fd, 0, 14));
    show("sizes");
    SAY(posix_fallocate(fd, 2, 3));
    SAY(posix_fallocate(fd, 10, 10));
    fstat(fd, &status);
    SAY(status.st_size);
    SAY(ftruncate(fd, 5000000000));
    SAY(lseek(fd, 0, SEEK_END));
    SAY(truncate("sizes", 1));
    SAY(lseek(fd, 0, SEEK_END));
    SAY(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
    SAY(fsync(fd));
    SAY(fdatasync(fd));
    close(fd);
}

static void flags(void) {
    int fd = open("flags", O_CREAT | O_EXCL | O_RDWR, 0666);
    SAY(write(fd, "0123456789", 10));
    SAY(fcntl(fd, F_GETFL) & O_APPEND);
    SAY((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
    SAY(fcntl(fd, F_SETFL, O_APPEND));
    SAY((fcntl(fd, F_GETFL) & O_APPEND) != 0);
    SAY(lseek(fd, 2, SEEK_SET));
    SAY(write(fd, "end", 3));
    SAY(lseek(fd, 0, SEEK_CUR));
    show("flags");
    SAY(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK));
    SAY((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    SAY(fcntl(fd, F_SETFL, 0));
    SAY(fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK));
    SAY(lseek(fd, 2, SEEK_SET));
    SAY(write(fd, "xyz", 3));
    show("flags");
    close(fd);

    fd = open("flags", O_WRONLY | O_APPEND);
    SAY((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY);
    SAY((fcntl(fd, F_GETFL) & O_APPEND) != 0);
    SAY(write(fd, "!", 1));
    close(fd);
    fd = open("flags", O_RDONLY);
    SAY((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
    close(fd);
    fd = open("flags", O_WRONLY | O_TRUNC);
    SAY(lseek(fd, 0, SEEK_END));
    close(fd);
    fd = open(".", O_RDONLY | O_DIRECTORY);
    SAY((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
    close(fd);
    fd = open("flags", O_RDWR | O_DSYNC | O_NONBLOCK);
    SAY((fcntl(fd, F_GETFL) & (O_DSYNC | O_NONBLOCK)) == (O_DSYNC | O_NONBLOCK));
    close(fd);
}

int main(void) {
    positions();
    sizes();
    flags();
    // The lowest free number is given first.
    int first = open("flags", O_RDONLY), second = open("flags", O_RDONLY);
    close(first);
    int third = open("flags", O_RDONLY);
    SAY(third == first && second == first + 1);
    return 0;
}
