/* What is taken from a record's headers, whoever wrote them. */
#include <criterion/criterion.h>
#include <string.h>

#include "consumer/core/intake.h"

#define TRACE "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

static size_t kept(const char *traceparent, size_t len) {
    static const struct leg_secrets secrets = {.items = {{.key_id = 1}}, .count = 1};
    const struct intake intake = {.partitions = 1, .rules = 1, .secrets = &secrets};
    const struct record record = {
        .log_append_time = true,
        .key = {(const uint8_t *)"ann", 3},
        .value = {(const uint8_t *)"{}", 2},
        .traceparent = {(const uint8_t *)traceparent, len},
    };
    struct arena arena;
    struct decoded decoded;
    cr_assert(arena_init(&arena, 16384));
    intake_decode(&intake, &record, &arena, &decoded);
    arena_close(&arena);
    cr_expect(decoded.record.traceparent.len > 0 || decoded.record.traceparent.at == NULL);
    return decoded.record.traceparent.len;
}

Test(intake, test_a_traceparent_is_passed_on) {
    cr_expect_eq(kept(TRACE, strlen(TRACE)), strlen(TRACE));
}

/* It travels with legs, and a leg that the broker refuses for its size breaks its lane. */
Test(intake, test_a_traceparent_that_no_tracer_writes_is_not_passed_on) {
    char longest[129];
    memset(longest, 'a', sizeof longest);
    cr_expect_eq(kept(longest, 128), 128);
    cr_expect_eq(kept(longest, 129), 0);
    cr_expect_eq(kept("00-a\n", 5), 0);
    cr_expect_eq(kept("00 a", 4), 0);
    cr_expect_eq(kept("\xc3\xa4", 2), 0);
}
