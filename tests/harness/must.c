#include "tests/harness/must.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void must(bool ok, const char *format, ...) {
    if (ok) {
        return;
    }
    va_list args;
    va_start(args, format);
    fputs("harness: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}

const char *must_getenv(const char *name) {
    const char *value = getenv(name);
    must(value != NULL, "%s is not set: run the suite by make, or read .sandbox/env first", name);
    return value;
}
