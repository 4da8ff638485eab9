#include <criterion/criterion.h>
#include <string.h>

#include "common/digest.h"
#include "common/record.h"

static struct slice slice(const char *text) {
    return (struct slice){.at = (const uint8_t *)text, .len = strlen(text)};
}

static bool same(struct record a, struct record b) {
    uint8_t first[RECORD_FINGERPRINT_LEN];
    uint8_t second[RECORD_FINGERPRINT_LEN];
    record_fingerprint(&a, first);
    record_fingerprint(&b, second);
    return digest_equal(first, second, sizeof first);
}

Test(record, test_fingerprint_covers_timestamp_key_and_value) {
    const struct record base = {.timestamp_ms = 5, .key = slice("k"), .value = slice("v")};
    struct record other = base;
    other.offset = 9;
    cr_assert(same(base, other));
    other.timestamp_ms = 6;
    cr_assert_not(same(base, other));
    other = base;
    other.key = slice("l");
    cr_assert_not(same(base, other));
    other = base;
    other.value = slice("w");
    cr_assert_not(same(base, other));
}

Test(record, test_fingerprint_tells_where_key_ends) {
    const struct record a = {.key = slice("ab"), .value = slice("c")};
    const struct record b = {.key = slice("a"), .value = slice("bc")};
    cr_assert_not(same(a, b));
}

Test(record, test_fingerprint_tells_absent_from_empty) {
    const struct record absent = {.key = slice("a")};
    const struct record empty = {.key = slice("a"), .value = slice("")};
    cr_assert_not(same(absent, empty));
}
