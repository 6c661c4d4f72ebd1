/* A library with threads for the world `greeter` of ../../../examples/wit/greeter, with pthreads and the bindings of wit-bindgen:
 *
 *     wit-bindgen c examples/wit/greeter --world greeter
 */

#include "greeter.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct greeting {
    pthread_t thread;
    greeter_string_t name;
    greeter_string_t text;
};

/* Joins four strings. */
static greeter_string_t joined(const char *first, greeter_string_t second, const char *third, greeter_string_t fourth) {
    size_t first_length = strlen(first), third_length = strlen(third);
    greeter_string_t result = {NULL, first_length + second.len + third_length + fourth.len};
    result.ptr = malloc(result.len);
    if (result.ptr == NULL)
        abort();
    uint8_t *at = result.ptr;
    memcpy(at, first, first_length);
    memcpy(at += first_length, second.ptr, second.len);
    memcpy(at += second.len, third, third_length);
    memcpy(at + third_length, fourth.ptr, fourth.len);
    return result;
}

static void *greets(void *argument) {
    struct greeting *greeting = argument;
    greeter_string_t none = {(uint8_t *)"", 0};
    greeting->text = joined("Hello, ", greeting->name, "", none);
    return NULL;
}

/* The import returns a string, so it allocates in the middle of the other threads' calls. */
static void *greets_with_title(void *argument) {
    struct greeting *greeting = argument;
    greeter_string_t title;
    example_greeting_people_title(&greeting->name, &title);
    greeting->text = joined("Hello, ", title, " ", greeting->name);
    greeter_string_free(&title);
    return NULL;
}

static void start(struct greeting *greeting, void *(*function)(void *)) {
    if (pthread_create(&greeting->thread, NULL, function, greeting) != 0)
        abort();
}

static greeter_string_t finish(struct greeting *greeting) {
    if (pthread_join(greeting->thread, NULL) != 0)
        abort();
    greeter_string_free(&greeting->name);
    return greeting->text;
}

void exports_greeter_greet(greeter_string_t *name, greeter_string_t *result) {
    struct greeting greeting = {.name = *name};
    start(&greeting, greets);
    *result = finish(&greeting);
}

void exports_greeter_greet_all(greeter_list_string_t *names, greeter_list_string_t *result) {
    size_t count = names->len;
    struct greeting *greetings = calloc(count, sizeof *greetings);
    result->len = count;
    result->ptr = malloc(count * sizeof *result->ptr);
    if (count > 0 && (greetings == NULL || result->ptr == NULL))
        abort();
    for (size_t number = 0; number < count; number++) {
        greetings[number].name = names->ptr[number];
        start(&greetings[number], greets_with_title);
    }
    for (size_t number = 0; number < count; number++)
        result->ptr[number] = finish(&greetings[number]);
    /* The names are freed, and the list that had them is not yet. */
    if (count > 0)
        free(names->ptr);
    free(greetings);
}
