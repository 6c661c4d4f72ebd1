// The buffered files of C: every mode of fopen, seeking, appending, and the end of a file.
#include "say.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show(const char *name) {
    char text[256];
    FILE *file = fopen(name, "r");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = 0;
    printf("%s holds `%s`\n", name, text);
    if (file) fclose(file);
}

static void modes(void) {
    FILE *file;
    SAY_POINTER(fopen("missing", "r"));
    SAY_POINTER(fopen("missing", "r+"));
    SAY_POINTER(file = fopen("new", "wx"));
    SAY(fputs("0123456789", file) >= 0);
    SAY(ftell(file));
    SAY(fclose(file));
    SAY_POINTER(fopen("new", "wx"));
    show("new");

    SAY_POINTER(file = fopen("new", "r"));
    SAY(fputc('x', file) == EOF);
    SAY(ferror(file) != 0);
    SAY(fclose(file));
    SAY_POINTER(file = fopen("new", "r+"));
    SAY(fseek(file, 3, SEEK_SET));
    SAY(fputs("abc", file) >= 0);
    SAY(fseek(file, -2, SEEK_END));
    SAY(fgetc(file));
    SAY(ungetc('!', file));
    SAY(fgetc(file));
    SAY(fgetc(file));
    SAY(feof(file) != 0);
    SAY(fgetc(file) == EOF);
    SAY(feof(file) != 0);
    SAY(fclose(file));
    show("new");

    // Whatever the position, writing goes to the end; reading does not.
    SAY_POINTER(file = fopen("new", "a+"));
    SAY(fseek(file, 0, SEEK_SET));
    SAY(fgetc(file));
    SAY(fseek(file, 0, SEEK_SET));
    SAY(fputs("end", file) >= 0);
    SAY(fflush(file));
    SAY(ftell(file));
    SAY(fclose(file));
    show("new");
    SAY_POINTER(file = fopen("new", "w+"));
    SAY(fseek(file, 0, SEEK_END));
    SAY(ftell(file));
    SAY(fclose(file));
    show("new");
}

// Two descriptors that append to one file do not overwrite each other.
static void appending(void) {
    FILE *one = fopen("log", "a"), *two = fopen("log", "a");
    for (int turn = 0; turn < 3; turn++) {
        fprintf(one, "one %d,", turn);
        fflush(one);
        fprintf(two, "two %d,", turn);
        fflush(two);
    }
    fclose(one);
    fclose(two);
    show("log");
}

static void lines(void) {
    FILE *file = fopen("lines", "w");
    SAY(setvbuf(file, NULL, _IOFBF, 16));
    for (int line = 0; line < 1000; line++) fprintf(file, "line %d of 1000\n", line);
    SAY(fclose(file));
    file = fopen("lines", "r");
    char text[64];
    int count = 0, wrong = 0;
    for (int line = 0; fgets(text, sizeof text, file); line++) {
        char expected[64];
        snprintf(expected, sizeof expected, "line %d of 1000\n", line);
        wrong += strcmp(text, expected) != 0;
        count++;
    }
    fclose(file);
    printf("%d lines, %d wrong\n", count, wrong);
}

// A hole beyond 4 GiB: offsets are 64 bits wide everywhere.
static void large(void) {
    FILE *file = fopen("large", "w+");
    SAY(fseeko(file, 5000000000, SEEK_SET));
    SAY(fputs("far", file) >= 0);
    SAY(fflush(file));
    SAY(ftello(file));
    SAY(fseeko(file, -4, SEEK_END));
    SAY(fgetc(file));
    SAY(fgetc(file));
    SAY(fclose(file));
    SAY(remove("large"));
}

int main(void) {
    modes();
    appending();
    lines();
    large();
    SAY_POINTER(freopen("log", "r", stdin));
    SAY(getchar());
    return 0;
}
