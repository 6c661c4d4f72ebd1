// What is done with names: rename, link, symlink and readlink, unlink and rmdir, each where it works and where it must not.
// `names slashes`: names that end in slashes. `names across`: from the directory /one to the directory /two.
#define _GNU_SOURCE
#include "say.h"
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *name, const char *text) {
    int fd = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0666);
    if (fd < 0 || write(fd, text, strlen(text)) < 0) say(name, -1);
    close(fd);
}

static void show(const char *name) {
    char text[64] = "";
    int fd = open(name, O_RDONLY);
    if (fd < 0 || read(fd, text, sizeof text - 1) < 0) {
        say(name, -1);
        return;
    }
    printf("%s holds `%s`\n", name, text);
    close(fd);
}

static void renames(void) {
    put("a", "from a");
    put("b", "from b");
    SAY(mkdir("empty", 0777));
    SAY(mkdir("full", 0777));
    put("full/c", "from c");
    SAY(rename("a", "b"));
    show("a");
    show("b");
    SAY(rename("b", "b"));
    SAY(rename("missing", "b"));
    SAY(rename("b", "full"));
    SAY(rename("empty", "b"));
    SAY(rename("empty", "full"));
    SAY(rename("full", "empty"));
    show("empty/c");
    show("full/c");
    SAY(rename("empty", "empty/inside"));
    SAY(rename("b", "missing/b"));
    SAY(rename("b", "empty/b"));
    show("empty/b");
    SAY(rename("empty/b", "empty/c/b"));

    // An open file and an open directory stay what they are when their names change.
    int file = open("empty/b", O_RDWR), directory = open("empty", O_RDONLY | O_DIRECTORY);
    SAY(rename("empty", "moved"));
    SAY(pwrite(file, "still", 5, 0));
    show("moved/b");
    SAY(faccessat(directory, "b", F_OK, 0));
    SAY(renameat(directory, "b", AT_FDCWD, "b"));
    show("b");
    SAY(unlink("b"));
    char text[8] = "";
    SAY(pread(file, text, 5, 0));
    puts(text);
    close(file);
    close(directory);
}

static void links(void) {
    char target[64];
    put("file", "of two names");
    SAY(mkdir("directory", 0777));
    SAY(link("file", "second"));
    SAY(link("file", "second"));
    SAY(link("missing", "third"));
    SAY(link("directory", "third"));
    SAY(unlink("file"));
    show("second");

    SAY(symlink("second", "soft"));
    SAY(symlink("second", "soft"));
    show("soft");
    memset(target, '#', sizeof target);
    SAY(readlink("soft", target, sizeof target));
    printf("%.7s\n", target);
    memset(target, '#', sizeof target);
    SAY(readlink("soft", target, 3));
    printf("%.7s\n", target);
    SAY(readlink("second", target, sizeof target));
    SAY(readlink("missing", target, sizeof target));
    SAY(link("soft", "hard"));
    SAY(readlink("hard", target, sizeof target));
    SAY(symlink("missing", "dangling"));
    show("dangling");
    SAY(open("dangling", O_CREAT | O_EXCL | O_WRONLY, 0666));
    put("dangling", "through it");
    show("missing");
    SAY(symlink("loop", "loop"));
    show("loop");
    SAY(open("soft", O_RDONLY | O_NOFOLLOW));
    SAY(symlink("../second", "directory/up"));
    show("directory/up");
    SAY(symlink("directory", "soft directory"));
    show("soft directory/up");
    SAY(unlink("soft directory/up"));
    SAY(rename("soft", "softer"));
    SAY(readlink("softer", target, sizeof target));
    SAY(unlink("softer"));
    show("second");
    SAY(symlink("", "nothing"));
}

static void removals(void) {
    SAY(unlink("directory"));
    SAY(rmdir("second"));
    SAY(rmdir("soft directory"));
    SAY(unlink("soft directory"));
    SAY(unlink("second/"));
    SAY(rmdir("missing directory"));
    SAY(unlink("missing file"));
    SAY(rmdir("directory/."));
    put("directory/last", "");
    SAY(rmdir("directory"));
    SAY(unlink("directory/last"));
    SAY(rmdir("directory"));
    SAY(remove("second"));
    SAY(mkdir("directory", 0777));
    SAY(mkdir("directory", 0777));
    SAY(mkdir("missing directory/inside", 0777));
    SAY(remove("directory"));
}

// A slash behind a name says that it is a directory's.
static void slashes(void) {
    put("file", "content");
    SAY(mkdir("directory/", 0777));
    SAY(symlink("directory", "link"));
    SAY(symlink("file", "file link"));
    SAY(rename("directory/", "moved"));
    SAY(rename("moved", "directory/"));
    SAY(link("file", "new/"));
    SAY(link("file/", "new"));
    SAY(unlink("file/"));
    SAY(unlink("file link/"));
    SAY(rmdir("file/"));
    SAY(rmdir("link/"));
    SAY(open("file link/", O_RDONLY));
    SAY(open("new/", O_CREAT | O_WRONLY, 0666));
    SAY(close(open("link/", O_RDONLY)));
    SAY(close(open("directory//", O_RDONLY | O_DIRECTORY)));
    SAY(readlink("link/", (char[8]){0}, 8));
    SAY(symlink("file", "new/"));
    SAY(rmdir("directory/"));
    SAY(mkdir("directory//", 0777));
    SAY(rmdir("directory///"));
    SAY(mkdir("link/", 0777));
    SAY(rename("file/", "new"));
    SAY(rename("file", "directory/"));
    SAY(rename("file", "new/"));
    show("file");
}

// From one of the directories that the program is given to another.
static void across(void) {
    put("/one/file", "content");
    SAY(mkdir("/one/directory", 0777));
    SAY(rename("/one/file", "/two/file"));
    show("/one/file");
    show("/two/file");
    SAY(rename("/one/directory", "/two/directory"));
    SAY(rename("/two/directory", "/one/directory"));
    SAY(link("/two/file", "/one/second"));
    put("/two/file", "changed");
    show("/one/second");
    SAY(rename("/one/second", "/two/file"));
    show("/one/second");
    SAY(rename("/one/directory", "/two/file"));
    SAY(rename("/two/file", "/one/directory"));
    SAY(rename("/two/file", "/two/../one/directory/file"));
    SAY(access("/two/file", F_OK));
}

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "across") == 0) {
        across();
        return 0;
    }
    if (count == 2 && strcmp(arguments[1], "slashes") == 0) {
        slashes();
        return 0;
    }
    renames();
    links();
    removals();
    return 0;
}
