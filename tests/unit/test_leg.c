#include <criterion/criterion.h>
#include <string.h>

#include "consumer/core/leg.h"

struct sealed {
    struct record record;
    uint8_t envelope[LEG_ENVELOPE_LEN];
};

static const struct leg_secrets secrets = {
    .items = {{.key_id = 1, .bytes = "old secret"}, {.key_id = 2, .bytes = "new secret"}},
    .count = 2,
};

static struct slice bytes_of(const char *text) {
    return (struct slice){(const uint8_t *)text, strlen(text)};
}

static void seal(struct sealed *sealed, const struct leg_secrets *with, uint16_t partition) {
    struct leg leg = {.kind = LEG_TICK, .origin = 5, .step = 34};
    sealed->record = (struct record){.key = bytes_of("alice"), .value = bytes_of("{}")};
    leg_seal(&leg, with, partition, sealed->record.key, sealed->record.value, sealed->envelope);
    sealed->record.leg = (struct slice){sealed->envelope, LEG_ENVELOPE_LEN};
}

Test(leg, test_a_sealed_leg_opens_as_it_was) {
    struct sealed sealed;
    struct leg leg;
    seal(&sealed, &secrets, 3);
    cr_assert_eq(leg_open(&sealed.record, &secrets, 3, &leg), LEG_GOOD);
    cr_expect_eq(leg.kind, LEG_TICK);
    cr_expect_eq(leg.origin, 5);
    cr_expect_eq(leg.step, 34);
    cr_expect_eq(leg.key_id, 2);
}

Test(leg, test_a_leg_of_an_older_secret_still_opens) {
    struct leg_secrets old = secrets;
    old.count = 1;
    struct sealed sealed;
    struct leg leg;
    seal(&sealed, &old, 3);
    cr_expect_eq(leg_open(&sealed.record, &secrets, 3, &leg), LEG_GOOD);
}

Test(leg, test_any_altered_byte_of_the_envelope_is_forged) {
    for (size_t i = 0; i < LEG_ENVELOPE_LEN; i++) {
        struct sealed sealed;
        struct leg leg;
        seal(&sealed, &secrets, 3);
        sealed.envelope[i] ^= 0x40;
        cr_expect_eq(leg_open(&sealed.record, &secrets, 3, &leg), LEG_FORGED, "byte %zu", i);
    }
}

Test(leg, test_another_partition_key_or_value_is_forged) {
    struct sealed sealed;
    struct leg leg;
    seal(&sealed, &secrets, 3);
    cr_expect_eq(leg_open(&sealed.record, &secrets, 4, &leg), LEG_FORGED);
    sealed.record.key = bytes_of("alicf");
    cr_expect_eq(leg_open(&sealed.record, &secrets, 3, &leg), LEG_FORGED);
    seal(&sealed, &secrets, 3);
    sealed.record.value = bytes_of("{ }");
    cr_expect_eq(leg_open(&sealed.record, &secrets, 3, &leg), LEG_FORGED);
}

Test(leg, test_an_envelope_of_any_other_length_is_forged) {
    for (size_t len = 0; len <= LEG_ENVELOPE_LEN - 1; len++) {
        struct sealed sealed;
        struct leg leg;
        seal(&sealed, &secrets, 3);
        sealed.record.leg.len = len;
        cr_expect_eq(leg_open(&sealed.record, &secrets, 3, &leg), LEG_FORGED, "length %zu", len);
    }
}

Test(leg, test_an_authentic_leg_of_an_unknown_kind_is_newer) {
    struct leg leg = {.kind = 99, .origin = 5, .step = 34};
    struct sealed sealed;
    seal(&sealed, &secrets, 3);
    leg_seal(&leg, &secrets, 3, sealed.record.key, sealed.record.value, sealed.envelope);
    cr_expect_eq(leg_open(&sealed.record, &secrets, 3, &leg), LEG_NEWER);
}
