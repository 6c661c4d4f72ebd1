// Names threads, for C with a library or without. weft shows the names in errors and in its log.
#pragma once

#include <stddef.h>

// Names the calling thread: UTF-8, of which weft keeps the first 64 bytes.
__attribute__((import_module("weft-threads"), import_name("set-name"))) void weft_set_thread_name(const char *name, size_t length);
