// Calls that fail, and the error of each.
#define _GNU_SOURCE
#include "say.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char long_name[5000];

int main(void) {
    char text[8];
    struct stat status;
    SAY(open("missing", O_RDONLY));
    SAY(open("missing/file", O_CREAT | O_WRONLY, 0666));
    SAY(mkdir("directory", 0777));
    SAY(open("directory", O_WRONLY));
    SAY(open("directory", O_RDWR | O_DIRECTORY));
    SAY(open("directory", O_RDWR | O_CREAT, 0666));
    SAY(open("directory", O_CREAT | O_EXCL | O_WRONLY, 0666));
    int file = open("file", O_CREAT | O_RDWR, 0666);
    SAY(write(file, "content", 7));
    SAY(open("file", O_CREAT | O_EXCL | O_WRONLY, 0666));
    SAY(open("file", O_RDONLY | O_DIRECTORY));
    SAY(open("file/", O_RDONLY));
    SAY(open("file/below", O_RDONLY));
    SAY(open("file/..", O_RDONLY));
    SAY(stat("file/", &status));
    SAY(access("file", R_OK | W_OK));
    SAY(access("missing", F_OK));

    memset(long_name, 'n', sizeof long_name - 1);
    SAY(open(long_name, O_RDONLY));
    SAY(mkdir(long_name, 0777));
    long_name[256] = 0;
    SAY(open(long_name, O_CREAT | O_WRONLY, 0666));
    long_name[255] = 0;
    SAY(close(open(long_name, O_CREAT | O_WRONLY, 0666)));
    SAY(unlink(long_name));

    SAY(read(99, text, 1));
    SAY(write(99, text, 1));
    SAY(close(99));
    SAY(close(-1));
    SAY(lseek(99, 0, SEEK_SET));
    SAY(ftruncate(99, 0));
    SAY(fsync(99));
    SAY(fcntl(99, F_GETFL));
    SAY(lseek(file, -1, SEEK_SET));
    SAY(lseek(file, -8, SEEK_END));
    SAY(lseek(file, 0, 77));
    SAY(ftruncate(file, -1));
    SAY(pread(file, text, 1, -1));
    SAY(pwrite(file, text, 1, -1));
    SAY(posix_fallocate(file, 0, 0) == EINVAL);
    SAY(posix_fallocate(file, -1, 1) == EINVAL);

    int reader = open("file", O_RDONLY), writer = open("file", O_WRONLY), directory = open("directory", O_RDONLY);
    SAY(write(reader, text, 1));
    SAY(pwrite(reader, text, 1, 0));
    SAY(ftruncate(reader, 0) == -1 && (errno == EINVAL || errno == EBADF));
    SAY(read(writer, text, 1));
    SAY(pread(writer, text, 1, 0));
    SAY(write(directory, text, 1));
    // WASI has no error of its own for a directory that is read.
    SAY(read(directory, text, 1) == -1 && (errno == EISDIR || errno == EBADF));
    SAY(pread(directory, text, 1, 0) == -1 && (errno == EISDIR || errno == EBADF));
    SAY(ftruncate(directory, 0) == -1 && (errno == EINVAL || errno == EBADF));
    SAY(openat(file, "below", O_RDONLY));
    SAY(openat(99, "below", O_RDONLY));
    SAY(unlinkat(file, "below", 0));
    SAY(close(reader));
    SAY(read(reader, text, 1));
    SAY(close(reader));

    // Standard input of the test is a pipe.
    SAY(lseek(0, 0, SEEK_CUR));
    SAY(pread(0, text, 1, 0));
    SAY(write(0, text, 1));
    SAY(ftruncate(0, 0));
    SAY(isatty(0) == 0 && errno == ENOTTY);
    SAY(isatty(file) == 0 && errno == ENOTTY);
    SAY(isatty(99) == 0 && errno == EBADF);
    SAY(lseek(1, 0, SEEK_CUR));
    return 0;
}
