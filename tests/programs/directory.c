// A directory of a thousand entries: each is listed once, also again, and while others vanish.
// `directory seek`: from a place in the middle, too.
#define _GNU_SOURCE
#include "say.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COUNT = 1000 };

static int seen[COUNT];

// The number in a name of ours, or -1.
static int number_of(const char *name) {
    int number;
    char end;
    return sscanf(name, "entry %d.%c", &number, &end) == 2 && end == 'x' && number >= 0 && number < COUNT ? number : -1;
}

static void name_of(char *name, int number) { sprintf(name, "many/entry %d.x", number); }

// Reads to the end, and says how many of the thousand came how often.
static void count(const char *what, DIR *directory) {
    int dots = 0, others = 0, doubled = 0, missing = 0, kinds = 0;
    memset(seen, 0, sizeof seen);
    errno = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        int number = number_of(entry->d_name);
        if (number >= 0) {
            seen[number]++;
            kinds += entry->d_type == (number % 100 == 0 ? DT_DIR : number % 100 == 1 ? DT_LNK : DT_REG);
        } else if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            dots += entry->d_type == DT_DIR;
        else
            others++;
    }
    printf("%s: ended %s\n", what, errno ? error_name(errno) : "well");
    for (int number = 0; number < COUNT; number++) {
        doubled += seen[number] > 1;
        missing += seen[number] == 0;
    }
    printf("%s: %d dots, %d others, %d doubled, %d missing, %d of the right kind\n", what, dots, others, doubled,
           missing, kinds);
}

// What telldir says is a place to which seekdir returns.
static void seeking(DIR *directory) {
    char name[64];
    rewinddir(directory);
    for (int i = 0; i < 600; i++) readdir(directory);
    long place = telldir(directory);
    struct dirent *entry = readdir(directory);
    strcpy(name, entry->d_name);
    while (readdir(directory)) {
    }
    seekdir(directory, place);
    entry = readdir(directory);
    printf("the same entry behind seekdir: %s\n", entry && strcmp(name, entry->d_name) == 0 ? "yes" : "no");
}

static int later(const struct dirent *entry) { return number_of(entry->d_name) >= 990; }

int main(int arguments_count, char **arguments) {
    (void)arguments;
    char name[64];
    SAY(mkdir("many", 0777));
    for (int number = 0; number < COUNT; number++) {
        name_of(name, number);
        int failed = 0;
        if (number % 100 == 0)
            failed = mkdir(name, 0777);
        else if (number % 100 == 1)
            failed = symlink("nowhere", name);
        else {
            int fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0666);
            failed = fd < 0 || close(fd);
        }
        if (failed) say(name, -1);
    }

    struct dirent *entry;
    DIR *directory = SAY_POINTER(opendir("many"));
    count("first", directory);
    rewinddir(directory);
    count("again", directory);

    if (arguments_count == 2) seeking(directory);

    struct stat status;
    SAY(fstat(dirfd(directory), &status));
    SAY(S_ISDIR(status.st_mode));
    SAY(closedir(directory));

    struct dirent **list;
    int length = SAY(scandir("many", &list, later, alphasort));
    for (int i = 0; i < length; i++) puts(list[i]->d_name);

    // Entries that are deleted while the directory is read: those that stay are listed once.
    directory = opendir("many");
    int deleted = 0, kept = 0;
    while ((entry = readdir(directory))) {
        int number = number_of(entry->d_name);
        if (number < 0) continue;
        if (number % 2) {
            name_of(name, number);
            deleted += unlink(name) == 0;
        } else
            kept++;
    }
    SAY(closedir(directory));
    printf("deleted %d, kept %d\n", deleted, kept);

    SAY(rmdir("many"));
    for (int number = 0; number < COUNT; number += 2) {
        name_of(name, number);
        if (number % 100 == 0 ? rmdir(name) : unlink(name)) say(name, -1);
    }
    SAY(rmdir("many"));
    SAY_POINTER(opendir("many"));
    return 0;
}
