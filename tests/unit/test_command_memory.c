#include <criterion/criterion.h>
#include <jansson.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/json_fixture.h"

/* Under a sanitiser malloc() answers NULL as well, instead of ending the process its own way. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void) {
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void) {
    return "allocator_may_return_null=1";
}

/* Together: whichever allocation of jansson fails, no answer comes of it. */

static const char *const good = HEAD("deposit") ",\"amount\":1}";

Test(command_memory, test_codec_allocator_aborts_without_memory, .signal = SIGABRT) {
    struct json_fixture f;
    json_fixture_init(&f);
    json_fixture_accept(&f, good);
    json_malloc_t allocate;
    json_get_alloc_funcs(&allocate, NULL);
    volatile size_t impossible = SIZE_MAX / 4;
    allocate(impossible);
}

Test(command_memory, test_decoding_with_another_allocator_aborts, .signal = SIGABRT) {
    struct json_fixture f;
    json_fixture_init(&f);
    json_set_alloc_funcs(malloc, free);
    json_fixture_decode(&f, good, strlen(good));
}
