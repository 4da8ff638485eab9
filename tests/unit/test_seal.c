/* Seals: the encoding tells apart whatever the tables tell apart, and never changes. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "consumer/core/seal.h"

static const uint8_t zero[SEAL_LEN];

static struct slice slice_of(const char *text) {
    return (struct slice){.at = (const uint8_t *)text, .len = strlen(text)};
}

static struct journal_key key_of(uint8_t byte, uint16_t origin, int32_t step) {
    struct journal_key key = {.origin = origin, .step = step};
    memset(key.id.bytes, byte, sizeof key.id.bytes);
    return key;
}

static const struct ident alice = {.len = 5, .text = "alice"};
static const struct ident bob = {.len = 3, .text = "bob"};
static const struct asset krw = {.len = 3, .text = "KRW"};
static const struct asset usd = {.len = 3, .text = "USD"};

static struct journal_row sample_row(void) {
    struct journal_row row = {
        .entry = {.key = key_of(0x11, 3, STEP_CLIENT),
                  .log_offset = 1042,
                  .type = COMMAND_DEPOSIT,
                  .outcome = OUTCOME_APPLIED,
                  .detail = "detail",
                  .account_number = 7,
                  .amount = 10000,
                  .balance = 12000,
                  .held = 500,
                  .version = 4,
                  .at_ms = 1700000000123},
        .held_delta = -500,
        .account = &alice,
        .counter_role = SYSTEM_WORLD,
        .counter_number = 9,
        .counter = &bob,
        .asset = &krw,
        .source = slice_of("shop"),
        .memo = slice_of("first"),
        .has_previous = true,
        .previous = key_of(0x22, 2, STEP_MEMBER),
    };
    memset(row.entry.hash, 0x5a, sizeof row.entry.hash);
    return row;
}

static struct quarantine_row sample_quarantine(void) {
    struct quarantine_row row = {
        .log_offset = 1043,
        .at_ms = 1700000000124,
        .reason = OUTCOME_INVALID_FIELD,
        .detail = "amount",
        .has_id = true,
        .id = key_of(0x33, 0, 0).id,
        .key = slice_of("alice"),
        .value = slice_of("{}"),
        .key_len = 5,
        .value_len = 2,
    };
    memset(row.digest, 0x77, sizeof row.digest);
    return row;
}

static void seal_one(const struct journal_row *row, uint16_t lane, uint8_t out[SEAL_LEN]) {
    struct digest *digest = digest_new();
    seal_begin(digest, zero);
    seal_add_row(digest, row, lane);
    seal_end(digest, out);
    digest_free(digest);
}

static void seal_one_quarantine(const struct quarantine_row *row, uint16_t lane,
                                uint8_t out[SEAL_LEN]) {
    struct digest *digest = digest_new();
    seal_begin(digest, zero);
    seal_add_quarantine(digest, row, lane);
    seal_end(digest, out);
    digest_free(digest);
}

static void assert_row_differs(const struct journal_row *row, uint16_t lane, const char *what) {
    const struct journal_row original = sample_row();
    uint8_t before[SEAL_LEN];
    uint8_t after[SEAL_LEN];
    seal_one(&original, 3, before);
    seal_one(row, lane, after);
    cr_expect(memcmp(before, after, SEAL_LEN) != 0, "%s is not sealed", what);
}

static void assert_quarantine_differs(const struct quarantine_row *row, uint16_t lane,
                                      const char *what) {
    const struct quarantine_row original = sample_quarantine();
    uint8_t before[SEAL_LEN];
    uint8_t after[SEAL_LEN];
    seal_one_quarantine(&original, 3, before);
    seal_one_quarantine(row, lane, after);
    cr_expect(memcmp(before, after, SEAL_LEN) != 0, "%s is not sealed", what);
}

/* Changes one field of a fresh sample and expects another seal. */
#define EXPECT_ROW_SEALED(change)                                                                  \
    do {                                                                                           \
        struct journal_row row = sample_row();                                                     \
        change;                                                                                    \
        assert_row_differs(&row, 3, #change);                                                      \
    } while (0)

#define EXPECT_QUARANTINE_SEALED(change)                                                           \
    do {                                                                                           \
        struct quarantine_row row = sample_quarantine();                                           \
        change;                                                                                    \
        assert_quarantine_differs(&row, 3, #change);                                               \
    } while (0)

Test(seal, test_every_number_of_a_journal_row_is_sealed) {
    EXPECT_ROW_SEALED(row.entry.key.id.bytes[15] ^= 1);
    EXPECT_ROW_SEALED(row.entry.key.origin++);
    EXPECT_ROW_SEALED(row.entry.key.step++);
    EXPECT_ROW_SEALED(row.entry.log_offset++);
    EXPECT_ROW_SEALED(row.entry.type++);
    EXPECT_ROW_SEALED(row.entry.outcome = OUTCOME_PENDING);
    EXPECT_ROW_SEALED(row.entry.account_number++);
    EXPECT_ROW_SEALED(row.entry.amount++);
    EXPECT_ROW_SEALED(row.entry.balance++);
    EXPECT_ROW_SEALED(row.entry.held++);
    EXPECT_ROW_SEALED(row.entry.version++);
    EXPECT_ROW_SEALED(row.entry.at_ms++);
    EXPECT_ROW_SEALED(row.entry.hash[15] ^= 1);
    EXPECT_ROW_SEALED(row.held_delta++);
    EXPECT_ROW_SEALED(row.counter_role = SYSTEM_SALES);
    EXPECT_ROW_SEALED(row.counter_number++);
    EXPECT_ROW_SEALED(row.previous.id.bytes[0] ^= 1);
    EXPECT_ROW_SEALED(row.previous.origin++);
    EXPECT_ROW_SEALED(row.previous.step++);
}

Test(seal, test_every_text_of_a_journal_row_is_sealed) {
    EXPECT_ROW_SEALED(row.entry.detail[0] = '\0');
    EXPECT_ROW_SEALED(row.account = &bob);
    EXPECT_ROW_SEALED(row.counter = &alice);
    EXPECT_ROW_SEALED(row.asset = &usd);
    EXPECT_ROW_SEALED(row.source = slice_of("shoq"));
    EXPECT_ROW_SEALED(row.memo = slice_of("firsu"));
}

Test(seal, test_absence_in_a_journal_row_is_sealed) {
    EXPECT_ROW_SEALED(row.account = NULL);
    EXPECT_ROW_SEALED(row.counter = NULL);
    EXPECT_ROW_SEALED(row.asset = NULL);
    EXPECT_ROW_SEALED(row.source.at = NULL);
    EXPECT_ROW_SEALED(row.memo.at = NULL);
    EXPECT_ROW_SEALED(row.has_previous = false);
}

Test(seal, test_lane_of_a_journal_row_is_sealed) {
    const struct journal_row row = sample_row();
    assert_row_differs(&row, 4, "lane");
}

Test(seal, test_every_field_of_a_quarantine_row_is_sealed) {
    EXPECT_QUARANTINE_SEALED(row.log_offset++);
    EXPECT_QUARANTINE_SEALED(row.at_ms++);
    EXPECT_QUARANTINE_SEALED(row.reason = OUTCOME_MALFORMED);
    EXPECT_QUARANTINE_SEALED(row.detail = "amounu");
    EXPECT_QUARANTINE_SEALED(row.detail = NULL);
    EXPECT_QUARANTINE_SEALED(row.has_id = false);
    EXPECT_QUARANTINE_SEALED(row.id.bytes[7] ^= 1);
    EXPECT_QUARANTINE_SEALED(row.key = slice_of("alicf"));
    EXPECT_QUARANTINE_SEALED(row.key.at = NULL);
    EXPECT_QUARANTINE_SEALED(row.value = slice_of("{]"));
    EXPECT_QUARANTINE_SEALED(row.value.at = NULL);
    EXPECT_QUARANTINE_SEALED(row.key_len++);
    EXPECT_QUARANTINE_SEALED(row.value_len++);
    EXPECT_QUARANTINE_SEALED(row.digest[31] ^= 1);
}

Test(seal, test_lane_of_a_quarantine_row_is_sealed) {
    const struct quarantine_row row = sample_quarantine();
    assert_quarantine_differs(&row, 4, "lane");
}

Test(seal, test_empty_text_is_not_absent_text) {
    struct journal_row empty = sample_row();
    struct journal_row absent = sample_row();
    uint8_t first[SEAL_LEN];
    uint8_t second[SEAL_LEN];
    empty.memo = slice_of("");
    absent.memo.at = NULL;
    seal_one(&empty, 3, first);
    seal_one(&absent, 3, second);
    cr_assert_neq(memcmp(first, second, SEAL_LEN), 0);
}

Test(seal, test_bytes_cannot_move_between_neighbouring_texts) {
    struct journal_row left = sample_row();
    struct journal_row right = sample_row();
    uint8_t first[SEAL_LEN];
    uint8_t second[SEAL_LEN];
    left.source = slice_of("ab");
    left.memo = slice_of("c");
    right.source = slice_of("a");
    right.memo = slice_of("bc");
    seal_one(&left, 3, first);
    seal_one(&right, 3, second);
    cr_assert_neq(memcmp(first, second, SEAL_LEN), 0);
}

Test(seal, test_detail_null_and_empty_are_one) {
    struct quarantine_row null = sample_quarantine();
    struct quarantine_row empty = sample_quarantine();
    uint8_t first[SEAL_LEN];
    uint8_t second[SEAL_LEN];
    null.detail = NULL;
    empty.detail = "";
    seal_one_quarantine(&null, 3, first);
    seal_one_quarantine(&empty, 3, second);
    cr_assert_eq(memcmp(first, second, SEAL_LEN), 0);
}

Test(seal, test_previous_seal_is_sealed) {
    uint8_t one[SEAL_LEN] = {1};
    uint8_t first[SEAL_LEN];
    uint8_t second[SEAL_LEN];
    struct digest *digest = digest_new();
    seal_begin(digest, zero);
    seal_end(digest, first);
    seal_begin(digest, one);
    seal_end(digest, second);
    digest_free(digest);
    cr_assert_neq(memcmp(first, second, SEAL_LEN), 0);
}

/* A record of 4 KiB takes the path around the buffer: its last byte counts like any other. */
Test(seal, test_longest_quarantined_value_is_sealed_whole) {
    static uint8_t bytes[QUARANTINE_BYTES_MAX];
    struct quarantine_row row = sample_quarantine();
    uint8_t first[SEAL_LEN];
    uint8_t second[SEAL_LEN];
    row.value = (struct slice){.at = bytes, .len = sizeof bytes};
    seal_one_quarantine(&row, 3, first);
    bytes[sizeof bytes - 1] = 1;
    seal_one_quarantine(&row, 3, second);
    cr_assert_neq(memcmp(first, second, SEAL_LEN), 0);
}

Test(seal, test_rows_are_ordered_by_offset_id_origin_step) {
    struct entry low = {.log_offset = 5, .key = key_of(9, 9, 9)};
    struct entry high = {.log_offset = 6, .key = key_of(1, 1, 1)};
    cr_expect_lt(seal_row_order(&low, &high), 0, "offset");
    high = (struct entry){.log_offset = 5, .key = key_of(10, 1, 1)};
    cr_expect_lt(seal_row_order(&low, &high), 0, "id");
    high.key = key_of(9, 10, 1);
    cr_expect_lt(seal_row_order(&low, &high), 0, "origin");
    high.key = key_of(9, 9, 10);
    cr_expect_lt(seal_row_order(&low, &high), 0, "step");
    cr_expect_eq(seal_row_order(&low, &low), 0, "itself");
}

/* The bytes of version 1 written out by hand and hashed by another program: seals in databases
 * depend on them. */
Test(seal, test_encoding_of_version_1_never_changes) {
    static const char expected[] =
        "94259f61c122a54df0bdf7cb3027f84480490333dd172e1b3b15eb362d74f868";
    const struct journal_row row = sample_row();
    const struct quarantine_row refused = sample_quarantine();
    uint8_t out[SEAL_LEN];
    char hex[2 * SEAL_LEN + 1];
    struct digest *digest = digest_new();
    seal_begin(digest, zero);
    seal_add_row(digest, &row, 3);
    seal_add_quarantine(digest, &refused, 3);
    seal_end(digest, out);
    digest_free(digest);
    for (size_t i = 0; i < SEAL_LEN; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", out[i]);
    }
    cr_assert_str_eq(hex, expected);
}
