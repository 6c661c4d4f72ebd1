// How the programs that use a C library say what they saw: a line for each call, with the names of errors, which are the same
// on every system, and not their numbers, which are not. So what such a program prints under weft can be compared
// with what it prints when it is compiled for the host.
#ifndef SAY_H
#define SAY_H

#include <errno.h>
#include <stdio.h>

static const char *error_name(int error) {
    switch (error) {
#define NAME(name)                                                                                                     \
    case name:                                                                                                         \
        return #name;
        NAME(EACCES)
        NAME(EAGAIN)
        NAME(EBADF)
        NAME(ECONNRESET)
        NAME(EEXIST)
        NAME(EFAULT)
        NAME(EFBIG)
        NAME(EINVAL)
        NAME(EIO)
        NAME(EISDIR)
        NAME(ELOOP)
        NAME(EMFILE)
        NAME(EMLINK)
        NAME(ENAMETOOLONG)
        NAME(ENOENT)
        NAME(ENOSYS)
        NAME(ENOTCONN)
        NAME(ENOTDIR)
        NAME(ENOTEMPTY)
        NAME(ENOTSOCK)
        NAME(ENOTSUP)
        NAME(ENOTTY)
        NAME(ENXIO)
        NAME(EPERM)
        NAME(EPIPE)
        NAME(ESPIPE)
        NAME(ETIMEDOUT)
        NAME(EXDEV)
#ifdef ENOTCAPABLE
        NAME(ENOTCAPABLE)
#endif
#undef NAME
    }
    return "another error";
}

// Prints what was called and its result, or the name of the error if that is -1.
static long long say(const char *call, long long result) {
    if (result == -1)
        printf("%s: %s\n", call, error_name(errno));
    else
        printf("%s: %lld\n", call, result);
    return result;
}

// The same for a call that gives a pointer.
static void *say_pointer(const char *call, void *result) {
    printf("%s: %s\n", call, result ? "ok" : error_name(errno));
    return result;
}

// Prints a call as it stands in the source, and its result.
#define SAY(call) say(#call, (long long)(call))
#define SAY_POINTER(call) say_pointer(#call, (call))

#endif
